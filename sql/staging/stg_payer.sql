-- payer register: one row per source row, with its party
select
    source.row_id,
    mention.party_id,
    source.payer_uscc,
    source.payer_name,
    source.former_names,
    source.payer_class,
    source.state_controlled,
    source.budget_funded,
    source.system_class,
    source.industry,
    source.headcount,
    source.revenue_wan,
    source.assets_wan,
    source.vat_small_scale,
    source.monthly_sales,
    source.size_class,
    source.opened_on,
    source.cancelled_on,
    source.prep_listed_on,
    source.collection_mode,
    source.region,
    source.above_scale,
    source.affiliation
from src_payer as source
inner join party_of_mention as mention
    on
        coalesce(source.payer_uscc, '') = mention.code_key
        and coalesce(source.payer_name_key, '') = mention.name_key

-- yearly figures of payers: one row per source row, with its party
select
    source.row_id,
    mention.party_id,
    source.payer_uscc,
    source.payer_name,
    source.year,
    source.headcount,
    source.revenue_wan,
    source.assets_wan,
    source.vat_small_scale,
    source.monthly_sales,
    source.taxable_income,
    source.size_class,
    source.listed_for
from src_payer_year as source
inner join party_of_mention as mention
    on
        coalesce(source.payer_uscc, '') = mention.code_key
        and coalesce(source.payer_name_key, '') = mention.name_key

-- one row per party of the payer register; where it is listed twice, the row that says most
select
    party_id,
    row_id,
    payer_class,
    state_controlled,
    budget_funded,
    system_class,
    industry,
    headcount,
    revenue_wan,
    assets_wan,
    vat_small_scale,
    monthly_sales,
    size_class,
    opened_on,
    cancelled_on,
    prep_listed_on,
    collection_mode,
    region,
    above_scale,
    affiliation
from stg_payer
qualify row_number() over (
    partition by party_id
    order by
        opened_on is null asc,
        cancelled_on is null asc,
        collection_mode is null asc,
        row_id asc
) = 1

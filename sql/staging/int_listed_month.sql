-- months for which the collection list has a row of anybody, reversed ones too
with

listed as (

    select distinct
        cast(date_trunc('month', period_from) as date) as month_from,
        cast(date_trunc('month', period_to) as date) as month_to
    from stg_tax_collection

)

select distinct months.month
from ref_month as months
inner join listed on months.month between listed.month_from and listed.month_to

-- years with refunds paid or applied for in which the ledger has no line under 403 at all: what
-- came from the upper level cannot be seen there
with

busy as (

    select extract(year from paid_on) as year
    from int_refund_line
    where paid_on <= $as_of
    union
    select extract(year from applied_on) as year
    from stg_refund_application
    where applied_on <= $as_of

),

seen as (

    select distinct extract(year from received_on) as year
    from int_upper_income

)

select cast(busy.year as varchar) as period
from busy
left join seen on busy.year = seen.year
where busy.year is not null and seen.year is null

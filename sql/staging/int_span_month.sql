-- the months of every span that occurs: a small table, so that spans meet months by equality
with

span as (

    select distinct
        span_from,
        span_to
    from int_collected

)

select
    span.span_from,
    span.span_to,
    months.month
from span
inner join ref_month as months on months.month between span.span_from and span.span_to

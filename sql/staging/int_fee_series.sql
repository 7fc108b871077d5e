-- one row per party and span with money paid, numbered in time: paid per month and the headcount
-- of its last month (payroll sheets first, then any other evidence)
with

counted as (

    select
        party_id,
        month,
        headcount
    from int_wage
    where headcount is not null
    qualify row_number() over (
        partition by party_id, month
        order by evidence <> '工资表' asc, evidence asc
    ) = 1

)

select
    paid.party_id,
    paid.span_from,
    paid.span_to,
    span.months,
    paid.paid,
    div_half_up(paid.paid, span.months) as paid_monthly,
    counted.headcount,
    row_number() over (partition by paid.party_id order by paid.span_from asc) as turn,
    row_number() over (partition by paid.party_id order by paid.span_from desc) as turn_back
from int_fee_paid as paid
inner join int_fee_span as span
    on paid.party_id = span.party_id and paid.span_from = span.span_from
left join counted
    on
        paid.party_id = counted.party_id
        and cast(date_trunc('month', paid.span_to) as date) = counted.month
where paid.paid > 0

-- PRE-04 collected-without-liability
-- grain: one row per party_id and certainty: whole periods before liability, periods cut by it
with

uncalled as (

    select
        party_id,
        case when is_uncalled then '整期' else '跨期' end as certainty,
        min(period_from) as report_from,
        max(period_to) as report_to,
        min(starts_on) as starts_on,
        max(prep_start_rule) as start_rule,
        cast(sum(paid) as decimal(18, 2)) as paid
    from int_prep_start
    where is_uncalled or is_cut
    group by party_id, case when is_uncalled then '整期' else '跨期' end
    having sum(paid) > 0

)

select
    party_id,
    certainty,
    period_text(report_from, report_to) as period,
    case when certainty = '整期' then 'clear_out' else 'verify' end as direction,
    paid as amount,
    cast(0 as decimal(18, 2)) as expected,
    paid as actual,
    cast(paid as varchar) || '−0.00=' || cast(paid as varchar) as formula,
    'whole_fee|' || party_id || '|' || period_text(report_from, report_to)
    || '|' || certainty as money_key,
    report_from,
    report_to,
    starts_on,
    start_rule
from uncalled
order by party_id, certainty

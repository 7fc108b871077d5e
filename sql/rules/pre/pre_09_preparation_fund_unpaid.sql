-- PRE-09 preparation-fund-unpaid
-- grain: one row per party_id and month
with

valued as (

    select
        party_id,
        month,
        due_on,
        starts_on,
        is_calendar_known,
        is_covered,
        fee_rate,
        share,
        wages,
        is_wage_split,
        is_mode_unread,
        cast(
            round(wages * cast(fee_rate * share as decimal(12, 8)), 2) as decimal(18, 2)
        ) as expected
    from int_prep_missing

)

select
    party_id,
    month,
    period_text(month, month) as period,
    case
        when is_covered and not is_wage_split and not is_mode_unread and expected is not null
            then 'pay_in'
        else 'verify'
    end as direction,
    expected as amount,
    expected,
    case when expected is not null then cast(0 as decimal(18, 2)) end as actual,
    case
        when expected is not null
            then
                percent_text(fee_rate) || '×' || cast(wages as varchar)
                || case when share <> 1 then '×' || percent_text(share) else '' end
                || '=' || cast(expected as varchar)
    end as formula,
    'whole_fee|' || party_id || '|' || period_text(month, month) as money_key,
    month as report_from,
    last_day(month) as report_to,
    not is_calendar_known as is_uncertain,
    due_on,
    starts_on,
    wages
from valued
where expected is null or expected > 0
order by party_id, month

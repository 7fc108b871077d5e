-- REM-03 remitted-late
-- grain: one row per party_id and voucher_no
with

late as (  -- rows in the treasury after their due day

    select
        payment.party_id,
        payment.voucher_no,
        payment.period_from,
        payment.period_to,
        payment.paid,
        payment.treasury_on,
        payment.due_on,
        payment.is_calendar_known,
        date_diff('day', payment.due_on, payment.treasury_on) as days_late,
        policy.surcharge_enabled,
        policy.surcharge_daily_rate,
        policy.surcharge_cap
    from int_payment as payment
    inner join ref_policy_day as policy on payment.due_on = policy.day
    where payment.treasury_on > payment.due_on and payment.paid > 0

),

charged as (  -- surcharge per row, and the principal that it may not exceed where capped

    select
        late.*,
        case
            when surcharge_enabled
                then cast(round(paid * surcharge_daily_rate * days_late, 2) as decimal(18, 2))
        end as surcharge,
        case when surcharge_enabled and surcharge_cap = 'principal' then paid end as principal
    from late

),

per_voucher as (

    select
        party_id,
        voucher_no,
        min(period_from) as report_from,
        max(period_to) as report_to,
        max(treasury_on) as treasury_on,
        min(due_on) as due_on,
        max(days_late) as days_late,
        sum(paid) as paid,
        sum(least(surcharge, principal)) as surcharge,  -- without a cap principal is null
        max(surcharge_daily_rate) as daily_rate,
        bool_or(surcharge > principal) as is_capped,
        count(*) as payments,
        cast(sum(paid * days_late) as decimal(18, 2)) as paid_days,
        bool_and(is_calendar_known) as is_calendar_known
    from charged
    group by party_id, voucher_no

)

select
    party_id,
    voucher_no,
    period_text(report_from, report_to) as period,
    case when surcharge is null then '' else 'pay_in' end as direction,
    surcharge as amount,
    surcharge as expected,
    case when surcharge is null then null else cast(0 as decimal(18, 2)) end as actual,
    case
        when payments = 1
            then
                case when is_capped then 'min(' else '' end
                || cast(paid as varchar) || '×' || percent_text(daily_rate) || '×'
                || cast(days_late as varchar)
                || case when is_capped then ',' || cast(paid as varchar) || ')' else '' end || '='
        when surcharge = round(paid_days * daily_rate, 2)
            then cast(paid_days as varchar) || '×' || percent_text(daily_rate) || '='
        else ''
    end || cast(surcharge as varchar) as formula,
    'surcharge|' || party_id || '|' || voucher_no as money_key,
    report_from,
    report_to,
    not is_calendar_known as is_uncertain,
    due_on,
    report_to as due_from,
    treasury_on,
    days_late,
    paid
from per_voucher
order by party_id, voucher_no

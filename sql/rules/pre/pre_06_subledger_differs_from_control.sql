-- PRE-06 subledger-differs-from-control
-- grain: one row per month
with

control as (

    select
        month,
        last_day(month) as month_end,
        sum(closing) as control_yuan
    from int_prep_control
    where last_day(month) <= $as_of
    group by month

),

first_day as (  -- no sub-ledger before its opening balances

    select max(opening_on) as starts_on
    from int_prep_opening

),

step as (  -- what moved in each month; moves before the first control month count in it

    select
        cast(date_trunc('month', moved_on) as date) as month,
        sum(amount) as amount
    from int_prep_held
    group by cast(date_trunc('month', moved_on) as date)

),

timeline as (

    select
        control.month,
        control.month_end,
        control.control_yuan,
        sum(coalesce(step.amount, 0)) over (
            order by coalesce(control.month, step.month) asc
            rows between unbounded preceding and current row
        ) as subledger_yuan
    from control
    full outer join step on control.month = step.month

),

compared as (

    select
        timeline.month,
        timeline.month_end,
        cast(timeline.subledger_yuan as decimal(18, 2)) as subledger_yuan,
        cast(timeline.control_yuan as decimal(18, 2)) as control_yuan,
        cast(timeline.subledger_yuan - timeline.control_yuan as decimal(18, 2)) as gap
    from timeline
    cross join first_day
    where first_day.starts_on is null or timeline.month_end >= first_day.starts_on

)

select
    month,
    cast(null as varchar) as party_id,
    own.name as party_name,
    strftime(month, '%Y-%m') as period,
    'verify' as direction,
    abs(gap) as amount,
    subledger_yuan as expected,
    control_yuan as actual,
    cast(subledger_yuan as varchar) || '−' || cast(control_yuan as varchar) || '='
    || cast(gap as varchar) as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    month_end
from compared
cross join ref_self as own
where abs(gap) > $tolerance_money_yuan
order by month

-- FUEL-04 roll-forward
-- grain: one row per card_no, month and test: the month's roll, or the link to the month before
with

moved as (

    select
        card_no,
        month,
        sum(greatest(movement, 0)) as added,
        sum(greatest(-movement, 0)) as taken
    from int_card_move
    group by card_no, month

),

listed_month as (  -- months of which the transaction list knows anything

    select distinct date_trunc('month', txn_on) as month
    from stg_fuel_txn

),

rolled as (

    select
        balance.card_no,
        balance.month,
        balance.month_end,
        '月内滚动' as test,
        balance.opening,
        coalesce(moved.added, 0) as added,
        coalesce(moved.taken, 0) as taken,
        balance.opening + coalesce(moved.added, 0) - coalesce(moved.taken, 0) as expected,
        balance.closing as actual
    from stg_fuel_balance as balance
    inner join listed_month on balance.month = listed_month.month
    left join moved on balance.card_no = moved.card_no and balance.month = moved.month

),

chained as (

    select
        later.card_no,
        later.month,
        later.month_end,
        '月间衔接' as test,
        earlier.closing as opening,
        0 as added,
        0 as taken,
        earlier.closing as expected,
        later.opening as actual
    from stg_fuel_balance as later
    inner join stg_fuel_balance as earlier
        on later.card_no = earlier.card_no and later.month_no = earlier.month_no + 1

),

checked as (

    select * from rolled
    union all
    select * from chained

)

select
    checked.card_no,
    checked.month,
    checked.test,
    card.party_id,
    card.owner_unit as party_name,
    strftime(checked.month, '%Y-%m') as period,
    'verify' as direction,
    abs(checked.expected - checked.actual) as amount,
    checked.expected,
    checked.actual,
    case
        when checked.test = '月内滚动' and checked.expected > checked.actual
            then
                cast(checked.opening as varchar) || '+' || cast(checked.added as varchar) || '−'
                || cast(checked.taken as varchar) || '−' || cast(checked.actual as varchar)
        when checked.test = '月内滚动'
            then
                cast(checked.actual as varchar) || '−(' || cast(checked.opening as varchar) || '+'
                || cast(checked.added as varchar) || '−' || cast(checked.taken as varchar) || ')'
        else
            cast(greatest(checked.expected, checked.actual) as varchar) || '−'
            || cast(least(checked.expected, checked.actual) as varchar)
    end || '=' || cast(abs(checked.expected - checked.actual) as varchar) as formula,
    'card_balance|' || checked.card_no || '|' || strftime(checked.month, '%Y-%m') || '|'
    || checked.test as money_key,
    checked.month as report_from,
    checked.month_end as report_to,
    card.card_last4
from checked
inner join int_card as card on checked.card_no = card.card_no
where checked.expected <> checked.actual
order by checked.card_no, checked.month, checked.test

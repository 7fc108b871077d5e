-- PRE-07 balance-aged
-- grain: one row per party_id
with

balance as (

    select
        held.party_id,
        cast(sum(held.amount) as decimal(18, 2)) as balance
    from int_prep_held as held
    group by held.party_id

),

undated as (  -- parties with a union whose founding day is not given: it proves nothing

    select distinct party_id
    from stg_union
    where founded_on is null and (dissolved_on is null or dissolved_on > $as_of)

),

aged as (  -- money of units without a union; the last payment, else the opening day, ages it

    select
        balance.party_id,
        balance.balance,
        coalesce(fund.last_paid_on, fund.opening_on) as last_moved_on
    from balance
    inner join int_prep_fund as fund on balance.party_id = fund.party_id
    left join undated on balance.party_id = undated.party_id
    where fund.founded_on is null and undated.party_id is null and balance.balance > 0

)

select
    aged.party_id,
    '' as period,
    'verify' as direction,
    aged.balance as amount,
    cast(0 as decimal(18, 2)) as expected,
    aged.balance as actual,
    cast(null as varchar) as formula,
    'prep_return|' || aged.party_id as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    aged.last_moved_on,
    policy.prep_age_warning_months as warning_months
from aged
inner join ref_policy_day as policy on aged.last_moved_on = policy.day
where $as_of > add_months(aged.last_moved_on, policy.prep_age_warning_months)
order by aged.party_id

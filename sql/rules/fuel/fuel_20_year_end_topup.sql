-- FUEL-20 year-end-topup
-- grain: one row per card_no and year
with

topup as (

    select
        row_id,
        card_no,
        txn_on,
        extract(year from txn_on) as year,
        extract(month from txn_on) as month_no,
        size_yuan as amount
    from stg_fuel_txn
    where kind = '充值' and movement > 0 and not is_repeat and not is_reversed

),

by_month as (  -- months with a top-up before December

    select
        card_no,
        year,
        month_no,
        sum(amount) as amount
    from topup
    where month_no < 12
    group by card_no, year, month_no

),

ranked as (

    select
        by_month.*,
        row_number() over (partition by card_no, year order by amount asc) as place,
        count(*) over (partition by card_no, year) as months
    from by_month

),

middle as (  -- the month in the middle, or the two

    select
        card_no,
        year,
        sum(amount) as amount,
        count(*) as parts
    from ranked
    where place * 2 >= months and place * 2 <= months + 2
    group by card_no, year

),

december as (

    select
        card_no,
        year,
        max(txn_on) as last_on,
        sum(amount) as amount
    from topup
    where month_no = 12
    group by card_no, year

),

loaded as (  -- with 圈存 the top-up waits on the reserve

    select distinct
        card_no,
        extract(year from txn_on) as year
    from stg_fuel_txn
    where kind = '圈存' and extract(month from txn_on) = 12

),

unspent as (

    select
        balance.card_no,
        extract(year from balance.month) as year,
        balance.month_end,
        balance.closing
        + case when loaded.card_no is null then 0 else coalesce(balance.reserve, 0) end as closing
    from stg_fuel_balance as balance
    left join loaded
        on balance.card_no = loaded.card_no and extract(year from balance.month) = loaded.year
    where extract(month from balance.month) = 12 and balance.month_end <= $as_of

),

compared as (

    select
        december.card_no,
        december.year,
        december.last_on,
        december.amount as topped,
        middle.amount as middle_sum,
        middle.parts,
        unspent.closing,
        unspent.month_end,
        cast(least(december.amount, unspent.closing) as decimal(18, 2)) as left_over
    from december
    inner join middle on december.card_no = middle.card_no and december.year = middle.year
    inner join unspent on december.card_no = unspent.card_no and december.year = unspent.year
    where unspent.closing > 0

)

select
    compared.card_no,
    compared.year,
    card.party_id,
    card.owner_unit as party_name,
    cast(compared.year as varchar) as period,
    'verify' as direction,
    compared.left_over as amount,
    cast(0 as decimal(18, 2)) as expected,
    compared.left_over as actual,
    'min(' || cast(compared.topped as varchar) || ',' || cast(compared.closing as varchar) || ')='
    || cast(compared.left_over as varchar) as formula,
    'card_balance|' || compared.card_no as money_key,
    compared.last_on as report_from,
    compared.month_end as report_to,
    card.card_last4,
    compared.last_on,
    compared.topped,
    compared.closing,
    div_half_up(compared.middle_sum, compared.parts) as median_month
from compared
inner join int_card as card on compared.card_no = card.card_no
inner join ref_policy_day as policy on compared.last_on = policy.day
where compared.topped * compared.parts > policy.fuel_yearend_multiple * compared.middle_sum
order by compared.card_no, compared.year

-- one row per movement of preparation money on this federation's account, with its day
-- what the settlement states as preparation fund counts, else the payment times the held share
with

stated as (  -- the settlement's own figure per voucher

    select
        party_id,
        voucher_no,
        sum(to_prep) as to_prep
    from stg_settlement
    where voucher_no is not null and to_prep is not null
    group by party_id, voucher_no

),

payment as (

    select
        party_id,
        voucher_no,
        period_from,
        treasury_on,
        paid
    from int_payment
    where item = '建会筹备金'
    union all
    select
        party_id,
        voucher_no,
        period_from,
        treasury_on,
        paid
    from int_prep_taken_back

),

voucher as (

    select
        payment.party_id,
        payment.voucher_no,
        max(payment.treasury_on) as moved_on,
        sum(
            cast(round(payment.paid * policy.prep_held_share, 2) as decimal(18, 2))
        ) as computed
    from payment
    inner join ref_policy_day as policy on payment.period_from = policy.day
    group by payment.party_id, payment.voucher_no

),

moved as (

    select
        opening.party_id,
        opening.opening_on as moved_on,
        opening.opening as amount,
        true as is_opening
    from int_prep_opening as opening
    union all
    select
        voucher.party_id,
        voucher.moved_on,
        cast(coalesce(stated.to_prep, voucher.computed) as decimal(18, 2)) as amount,
        false as is_opening
    from voucher
    left join stated
        on voucher.party_id = stated.party_id and voucher.voucher_no = stated.voucher_no
    union all
    select
        part.party_id,
        part.paid_on as moved_on,
        -part.amount as amount,
        false as is_opening
    from int_prep_return as part
    where part.is_restored or not part.is_stray

)

select
    moved.party_id,
    moved.moved_on,
    moved.amount,
    moved.is_opening
from moved
left join int_prep_opening as opening on moved.party_id = opening.party_id
where moved.is_opening or opening.opening_on is null or moved.moved_on > opening.opening_on

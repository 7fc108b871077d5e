-- one row per sum that the upper level sent for refunds: ledger income whose path names 回拨补助,
-- and bank money on the own accounts whose purpose says 返还 and that the ledger does not show so
-- pass_on_by: the day by which it is to be passed on; is_by_text: known by its purpose alone
with

booked as (

    select
        row_id,
        entry_on as received_on,
        cast(coalesce(credit, 0) as decimal(18, 2)) as amount,
        row_number() over (
            partition by credit, cast(date_trunc('year', entry_on) as date)
            order by entry_on asc, row_id asc
        ) as turn
    from stg_gl_entry
    where credit <> 0 and account_name like '%回拨补助%' and account_name not like '%支出%'

),

noted as (

    select
        row_id,
        posted_on as received_on,
        amount,
        row_number() over (
            partition by amount, cast(date_trunc('year', posted_on) as date)
            order by posted_on asc, row_id asc
        ) as turn
    from int_own_receipt
    where party_id is null and summary like '%返还%' and summary not like '%退%'

),

together as (

    select
        row_id,
        received_on,
        amount,
        false as is_by_text
    from booked
    union all
    select
        noted.row_id,
        noted.received_on,
        noted.amount,
        true as is_by_text
    from noted
    left join booked
        on
            noted.amount = booked.amount
            and noted.turn = booked.turn
            and extract(year from noted.received_on) = extract(year from booked.received_on)
    where booked.row_id is null

)

select
    together.row_id,
    together.received_on,
    cast(extract(year from together.received_on) as bigint) as year,
    together.amount,
    together.is_by_text,
    add_days(together.received_on, policy.refund_pass_on_days) as pass_on_by
from together
inner join ref_policy_day as policy on together.received_on = policy.day

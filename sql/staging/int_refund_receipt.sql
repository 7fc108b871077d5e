-- one row per sum that the upper level sent for refunds: ledger income under 403 上级补助收入 whose
-- sub-account or summary has one of refund.receipt_words, and bank money on the own accounts whose
-- purpose has one and that the ledger does not show so
-- what a red entry or a payment to the upper level takes back counts on the day of the latest
-- earlier sum of which it may be part
-- pass_on_by: the day by which it is to be passed on; is_by_text: known by its purpose alone
with

worded as (

    select distinct entry.row_id
    from int_upper_income as entry
    inner join ref_policy_item as word
        on
            word.name = 'refund.receipt_words'
            and entry.received_on >= word.starts_on
            and entry.received_on < word.ends_on
            and contains(entry.words, word.item_text)

),

entered as (

    select
        entry.row_id,
        entry.received_on,
        entry.amount
    from int_upper_income as entry
    inner join worded on entry.row_id = worded.row_id

),

taken_back as (

    select
        part.row_id,
        whole.received_on
    from entered as part
    inner join entered as whole
        on part.received_on >= whole.received_on and -part.amount <= whole.amount
    where part.amount < 0
    qualify row_number() over (
        partition by part.row_id
        order by whole.received_on desc, whole.row_id desc
    ) = 1

),

booked as (

    select
        entered.row_id,
        coalesce(taken_back.received_on, entered.received_on) as received_on,
        entered.amount,
        row_number() over (
            partition by entered.amount, cast(date_trunc('year', entered.received_on) as date)
            order by entered.received_on asc, entered.row_id asc
        ) as turn
    from entered
    left join taken_back on entered.row_id = taken_back.row_id

),

purposed as (

    select distinct receipt.row_id
    from int_own_receipt as receipt
    inner join ref_policy_item as word
        on
            word.name = 'refund.receipt_words'
            and receipt.posted_on >= word.starts_on
            and receipt.posted_on < word.ends_on
            and contains(receipt.summary, word.item_text)
    where receipt.party_id is null and receipt.summary not like '%退%'

),

noted as (

    select
        receipt.row_id,
        receipt.posted_on as received_on,
        receipt.amount,
        row_number() over (
            partition by receipt.amount, cast(date_trunc('year', receipt.posted_on) as date)
            order by receipt.posted_on asc, receipt.row_id asc
        ) as turn
    from int_own_receipt as receipt
    inner join purposed on receipt.row_id = purposed.row_id

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

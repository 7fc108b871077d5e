-- one row per receipt on the own accounts that the ledger has: as the matcher (bank_ledger) puts
-- them together, sums too; else debit lines of bank accounts of the same amount, the first with the
-- first within a calendar month, what is left with the next month's; up to fee.book_days after the
-- receipt's month, and each ledger line serves once
with

settled as (

    select
        line_id,
        side,
        group_id
    from match_line
    where
        pairing = 'bank_ledger'
        and class in ('matched', 'confirmed')
        and group_id is not null

),

grouped as (  -- receipts whose ledger lines were all written in time

    select
        receipt.row_id,
        min(entry.row_id) as gl_row_id
    from settled as bank_line
    inner join int_own_receipt as receipt on bank_line.line_id = receipt.row_id
    inner join settled as ledger_line on bank_line.group_id = ledger_line.group_id
    inner join stg_gl_entry as entry on ledger_line.line_id = entry.row_id
    inner join ref_policy_day as policy on last_day(receipt.month) = policy.day
    where bank_line.side = 'a' and ledger_line.side = 'b'
    group by receipt.row_id, receipt.month, policy.fee_book_days
    having max(entry.entry_on) <= add_days(last_day(receipt.month), policy.fee_book_days)

),

taken as (  -- ledger lines of such a group

    select ledger_line.line_id as gl_row_id
    from settled as ledger_line
    inner join settled as bank_line on ledger_line.group_id = bank_line.group_id
    where ledger_line.side = 'b' and bank_line.side = 'a'
    group by ledger_line.line_id

),

booked as (

    select
        entry.row_id,
        entry.entry_on,
        cast(date_trunc('month', entry.entry_on) as date) as month,
        entry.debit as amount
    from stg_gl_entry as entry
    left join taken on entry.row_id = taken.gl_row_id
    where
        entry.debit > 0
        and taken.gl_row_id is null
        and entry.account_kind in ('bank', 'quota')

),

receipt_turn as (

    select
        receipt.row_id,
        receipt.month,
        receipt.amount,
        row_number() over (
            partition by receipt.month, receipt.amount
            order by receipt.posted_on asc, receipt.row_id asc
        ) as turn
    from int_own_receipt as receipt
    left join grouped on receipt.row_id = grouped.row_id
    where grouped.row_id is null

),

booked_turn as (

    select
        row_id,
        entry_on,
        month,
        amount,
        row_number() over (
            partition by month, amount order by entry_on asc, row_id asc
        ) as turn
    from booked

),

same_month as (

    select
        receipt_turn.row_id,
        booked_turn.row_id as gl_row_id
    from receipt_turn
    inner join booked_turn
        on
            receipt_turn.month = booked_turn.month
            and receipt_turn.amount = booked_turn.amount
            and receipt_turn.turn = booked_turn.turn

),

receipt_left as (

    select
        receipt_turn.row_id,
        receipt_turn.amount,
        add_months(receipt_turn.month, 1) as next_month,
        add_days(last_day(receipt_turn.month), policy.fee_book_days) as book_by,
        row_number() over (
            partition by receipt_turn.month, receipt_turn.amount order by receipt_turn.turn asc
        ) as turn
    from receipt_turn
    inner join ref_policy_day as policy on last_day(receipt_turn.month) = policy.day
    left join same_month on receipt_turn.row_id = same_month.row_id
    where same_month.row_id is null

),

booked_left as (

    select
        booked_turn.row_id,
        booked_turn.entry_on,
        booked_turn.month,
        booked_turn.amount,
        row_number() over (
            partition by booked_turn.month, booked_turn.amount order by booked_turn.turn asc
        ) as turn
    from booked_turn
    left join same_month on booked_turn.row_id = same_month.gl_row_id
    where same_month.gl_row_id is null

)

select
    row_id,
    gl_row_id
from grouped
union all
select
    row_id,
    gl_row_id
from same_month
union all
select
    receipt_left.row_id,
    booked_left.row_id as gl_row_id
from receipt_left
inner join booked_left
    on
        receipt_left.next_month = booked_left.month
        and receipt_left.amount = booked_left.amount
        and receipt_left.turn = booked_left.turn
where booked_left.entry_on <= receipt_left.book_by

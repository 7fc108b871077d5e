-- one row per receipt on the own accounts that the ledger has: debit lines of bank accounts of the
-- same amount, the first with the first within a calendar month, what is left with the next month's
-- up to fee.book_days after the receipt's month; each ledger line serves once
with

booked as (

    select
        row_id,
        entry_on,
        cast(date_trunc('month', entry_on) as date) as month,
        debit as amount
    from stg_gl_entry
    where
        debit > 0
        and (contains(account_name, '银行') or contains(account_name, '零余额'))

),

receipt_turn as (

    select
        row_id,
        month,
        amount,
        row_number() over (
            partition by month, amount order by posted_on asc, row_id asc
        ) as turn
    from int_own_receipt

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

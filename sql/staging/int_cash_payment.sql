-- payments to natural persons from own bank accounts, and payments in cash
-- a payment that the bank sent back is none, nor is cash of a voucher that a red one takes back
with

to_person as (

    select
        '个人户' as kind,
        line.row_id,
        line.posted_on as paid_on,
        coalesce(line.account_no, '') || '|' || line.serial_no || '|' || line.party_name_key
        || '|' || cast(line.line_no as varchar) as place,
        line.party_name_key as holder,
        line.party_name,
        line.summary,
        -line.amount as amount
    from int_bank_key as line
    left join int_bank_return as undone on line.row_id = undone.row_id
    where
        line.amount < 0
        and undone.row_id is null
        and not line.is_repeat
        and not line.is_internal
        and line.is_person

),

moved as (  -- vouchers in which the bank takes in money: cash in them was only moved

    select distinct
        entry_on,
        voucher_no
    from int_ledger_key
    where account_kind = 'bank' and amount > 0
    union
    select
        voucher.entry_on,
        voucher.voucher_no
    from int_voucher as voucher
    left join int_voucher_standing as standing
        on voucher.entry_on = standing.entry_on and voucher.voucher_no = standing.voucher_no
    where voucher.debit <> 0 and standing.voucher_no is null

),

in_cash as (

    select
        '现金' as kind,
        line.row_id,
        line.entry_on as paid_on,
        line.voucher_no || '|' || cast(line.entry_no as varchar) || '|' || line.account_code
        || '|' || cast(line.line_no as varchar) as place,
        cast(null as varchar) as holder,
        cast(null as varchar) as party_name,
        line.summary,
        -line.amount as amount
    from int_ledger_key as line
    left join moved on line.entry_on = moved.entry_on and line.voucher_no = moved.voucher_no
    where
        line.amount < 0
        and line.account_kind = 'cash'
        and moved.voucher_no is null

)

select
    kind,
    row_id,
    paid_on,
    place,
    holder,
    party_name,
    summary,
    amount
from to_person
union all
select
    kind,
    row_id,
    paid_on,
    place,
    holder,
    party_name,
    summary,
    amount
from in_cash

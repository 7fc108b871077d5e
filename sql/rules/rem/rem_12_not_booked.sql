-- REM-12 receipt-not-booked
-- grain: one row per bank line
with

unbooked as (

    select
        receipt.row_id,
        receipt.account_no,
        receipt.posted_on,
        receipt.serial_no,
        receipt.amount,
        receipt.party_id,
        receipt.party_name,
        receipt.summary,
        receipt.line_no,
        receipt.is_collector,
        last_day(receipt.month) as month_end,
        add_days(last_day(receipt.month), policy.fee_book_days) as book_by
    from int_fee_receipt as receipt
    inner join ref_policy_day as policy on last_day(receipt.month) = policy.day
    left join int_bank_booked as booked on receipt.row_id = booked.row_id
    where booked.row_id is null

)

select
    account_no,
    posted_on,
    serial_no,
    amount,
    party_id,
    line_no,
    party_name,
    strftime(posted_on, '%Y-%m-%d') as period,
    'verify' as direction,
    amount as expected,
    cast(0 as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    'bank_line|' || coalesce(account_no, '') || '|' || cast(posted_on as varchar) || '|'
    || serial_no || '|' || cast(amount as varchar) || '|' || cast(line_no as varchar)
        as money_key,
    posted_on as report_from,
    posted_on as report_to,
    month_end,
    book_by,
    summary,
    row_id as source_row_id
from unbooked
where $as_of > book_by
order by account_no, posted_on, serial_no, amount, party_id, line_no

-- LED-01 bank-without-ledger
-- grain: one row per bank line
select
    line.account_no,
    line.posted_on,
    line.serial_no,
    line.amount as bank_amount,
    line.party_id,
    line.line_no,
    line.party_name,
    strftime(line.posted_on, '%Y-%m-%d') as period,
    'verify' as direction,
    abs(line.amount) as amount,
    abs(line.amount) as expected,
    cast(0 as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    'bank_line|' || coalesce(line.account_no, '') || '|' || cast(line.posted_on as varchar) || '|'
    || line.serial_no || '|' || cast(line.amount as varchar) || '|'
    || cast(line.line_no as varchar) as money_key,
    line.posted_on as report_from,
    line.posted_on as report_to,
    line.summary,
    case when line.amount > 0 then '收入' else '支出' end as flow
from match_line as matched
inner join int_bank_key as line on matched.line_id = line.row_id
where matched.pairing = 'bank_ledger' and matched.side = 'a' and matched.class = 'only_a'
order by line.account_no, line.posted_on, line.serial_no, line.amount, line.party_id, line.line_no;

select
    found.exception_no,
    line.row_id
from found
inner join int_bank_key as line
    on
        found.posted_on = line.posted_on
        and found.serial_no = line.serial_no
        and found.bank_amount = line.amount
        and found.line_no = line.line_no
        and coalesce(found.party_id, '') = coalesce(line.party_id, '')
        and coalesce(found.account_no, '') = coalesce(line.account_no, '')

-- LED-01 bank-without-ledger
-- grain: one row per bank line
select
    line.account_no,
    line.posted_on,
    line.serial_no,
    line.amount as bank_amount,
    line.party_name_key,
    line.line_no,
    case when not line.is_person then line.party_id end as party_id,
    line.party_name,
    line.is_person,
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
    case when line.amount > 0 then '收入' else '支出' end as flow,
    case
        when line.is_surplus then '同额多笔，账上少记'
        when line.class = 'amount_differs' then '账上同一对方金额不同'
        when line.class = 'party_differs' then '账上同号同额，单位不同'
        else '账上没有'
    end as state,
    line.row_id as source_row_id
from int_bank_compared as line
where line.class in ('only_a', 'amount_differs', 'party_differs') or line.is_surplus
order by
    line.account_no, line.posted_on, line.serial_no, line.amount, line.party_name_key,
    line.line_no

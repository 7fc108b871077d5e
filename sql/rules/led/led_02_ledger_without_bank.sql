-- LED-02 ledger-without-bank
-- grain: one row per ledger line of a bank account
with

voucher_party as (  -- the one party that the lines of the voucher name

    select
        entry_on,
        voucher_no,
        min(party_id) as party_id,
        min(aux_party) as party_name,
        bool_or(is_person) as is_person
    from int_ledger_key
    group by entry_on, voucher_no
    having count(distinct party_id) = 1

)

select
    line.entry_on,
    line.voucher_no,
    line.entry_no,
    line.account_code,
    line.amount as ledger_amount,
    line.line_no,
    case when not voucher_party.is_person then voucher_party.party_id end as party_id,
    coalesce(voucher_party.party_name, own.name) as party_name,
    voucher_party.is_person,
    strftime(line.entry_on, '%Y-%m-%d') as period,
    'verify' as direction,
    abs(line.amount) as amount,
    abs(line.amount) as expected,
    cast(0 as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    line.entry_on as report_from,
    line.entry_on as report_to,
    line.summary,
    case when line.amount > 0 then '收入' else '支出' end as flow,
    case
        when line.is_surplus then '同额多笔，银行少一笔'
        when line.class = 'amount_differs' then '银行同一对方金额不同'
        when line.class = 'party_differs' then '银行同号同额，单位不同'
        else '银行没有'
    end as state,
    line.row_id as source_row_id
from int_ledger_compared as line
cross join ref_self as own
left join voucher_party
    on line.entry_on = voucher_party.entry_on and line.voucher_no = voucher_party.voucher_no
where line.class in ('only_b', 'amount_differs', 'party_differs') or line.is_surplus
order by line.entry_on, line.voucher_no, line.entry_no, line.account_code, line.line_no

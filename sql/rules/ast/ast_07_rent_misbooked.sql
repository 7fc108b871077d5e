-- AST-07 rent-misbooked
-- grain: one row per month and voucher_no
select
    voucher.month,
    voucher.voucher_no,
    lease.lease_no,
    lease.party_id,
    lease.tenant as party_name,
    '' as period,
    'verify' as direction,
    cast(voucher.received - voucher.income as decimal(18, 2)) as amount,
    voucher.received as expected,
    voucher.income as actual,
    cast(voucher.received as varchar) || '−' || cast(voucher.income as varchar) || '='
    || cast(cast(voucher.received - voucher.income as decimal(18, 2)) as varchar) as formula,
    'lease_rent|' || lease.lease_no || '|入账|' || strftime(voucher.month, '%Y-%m')
    || '|' || voucher.voucher_no as money_key,
    voucher.received_on as report_from,
    voucher.received_on as report_to,
    voucher.received_on,
    case when voucher.is_in_ledger then '未全部计入收入' else '账上没有这张凭证' end as reason
from int_rent_voucher as voucher
inner join stg_lease as lease on voucher.lease_no = lease.lease_no
where voucher.received - voucher.income > $tolerance_money_yuan
order by voucher.month, voucher.voucher_no;

select
    found.exception_no,
    receipt.row_id
from found
inner join src_lease_receipt as receipt on found.voucher_no = receipt.voucher_no
where found.month = cast(date_trunc('month', receipt.received_on) as date)
union all
select
    found.exception_no,
    entry.row_id
from found
inner join stg_gl_entry as entry on found.voucher_no = entry.voucher_no
where found.month = cast(date_trunc('month', entry.entry_on) as date)

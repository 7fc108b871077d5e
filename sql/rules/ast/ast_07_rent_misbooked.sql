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
order by voucher.month, voucher.voucher_no

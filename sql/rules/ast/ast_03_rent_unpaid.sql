-- AST-03 rent-unpaid
-- grain: one row per lease_no
select
    lease.lease_no,
    lease.party_id,
    lease.tenant as party_name,
    '' as period,
    'recover' as direction,
    account.open_yuan as amount,
    cast(account.due - lease.relief as decimal(18, 2)) as expected,
    cast(account.due - lease.relief - account.open_yuan as decimal(18, 2)) as actual,
    cast(account.due as varchar)
    || case when lease.relief > 0 then '−' || cast(lease.relief as varchar) else '' end
    || '−'
    || cast(cast(account.due - lease.relief - account.open_yuan as decimal(18, 2)) as varchar)
    || '=' || cast(account.open_yuan as varchar) as formula,
    'lease_rent|' || lease.lease_no || '|租金' as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    lease.starts_on,
    lease.relief,
    account.received
from stg_lease as lease
inner join int_rent_account as account on lease.lease_no = account.lease_no
where account.open_yuan > $tolerance_money_yuan
order by lease.lease_no

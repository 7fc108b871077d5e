-- AST-09 deposit-not-settled
-- grain: one row per lease_no
select
    lease_no,
    party_id,
    tenant as party_name,
    '' as period,
    'clear_out' as direction,
    cast(deposit - deposit_returned as decimal(18, 2)) as amount,
    deposit as expected,
    deposit_returned as actual,
    cast(deposit as varchar) || '−' || cast(cast(deposit_returned as decimal(18, 2)) as varchar)
    || '=' || cast(cast(deposit - deposit_returned as decimal(18, 2)) as varchar) as formula,
    'lease_rent|' || lease_no || '|押金' as money_key,
    handed_back_on as report_from,
    handed_back_on as report_to,
    handed_back_on
from stg_lease
where handed_back_on <= $as_of and deposit - deposit_returned > $tolerance_money_yuan
order by lease_no

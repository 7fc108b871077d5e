-- AST-05 term-too-long
-- grain: one row per lease_no
with

tested as (

    select
        lease.lease_no,
        lease.party_id,
        lease.tenant,
        lease.starts_on,
        lease.ends_on,
        policy.asset_max_term_years as max_years,
        lease.ends_on
        >= add_months(lease.starts_on, 12 * policy.asset_statutory_max_term_years)
            as is_above_statute
    from stg_lease as lease
    inner join ref_policy_day as policy on lease.starts_on = policy.day
    where
        lease.ends_on >= add_months(
            lease.starts_on,
            12 * least(policy.asset_max_term_years, policy.asset_statutory_max_term_years)
        )

)

select
    lease_no,
    party_id,
    tenant as party_name,
    '' as period,
    'verify' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    starts_on as report_from,
    ends_on as report_to,
    starts_on,
    ends_on,
    max_years,
    is_above_statute
from tested
order by lease_no

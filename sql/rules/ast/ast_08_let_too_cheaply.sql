-- AST-08 let-too-cheaply
-- grain: one row per lease_no
with

tested as (  -- days of the term that have run by as-of

    select
        lease.lease_no,
        lease.party_id,
        lease.tenant,
        lease.starts_on,
        lease.annual_rent,
        lease.appraisal,
        coalesce(lease.tender, '') like '%无偿%' or lease.annual_rent = 0 as is_free,
        cast(
            round(lease.appraisal * policy.asset_low_rent_pct, 2) as decimal(18, 2)
        ) as floor_yuan,
        date_diff(
            'day', lease.starts_on,
            least(lease.ends_on, lease.handed_back_on, $as_of)
        ) + 1 as days_run
    from stg_lease as lease
    inner join ref_policy_day as policy on lease.starts_on = policy.day

),

gap as (

    select
        tested.*,
        div_half_up(cast(appraisal - annual_rent as decimal(18, 2)) * days_run, 365) as gap_yuan
    from tested
    where days_run > 0 and (is_free or annual_rent < floor_yuan)

)

select
    lease_no,
    party_id,
    tenant as party_name,
    '' as period,
    'verify' as direction,
    case when gap_yuan < 0 then cast(0 as decimal(18, 2)) else gap_yuan end as amount,
    appraisal as expected,
    annual_rent as actual,
    case
        when gap_yuan > 0
            then
                '(' || cast(appraisal as varchar) || '−' || cast(annual_rent as varchar) || ')×'
                || cast(days_run as varchar) || '/365=' || cast(gap_yuan as varchar)
    end as formula,
    'lease_rent|' || lease_no || '|低价' as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    starts_on,
    days_run,
    is_free
from gap
order by lease_no

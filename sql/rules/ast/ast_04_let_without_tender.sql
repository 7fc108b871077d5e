-- AST-04 let-without-tender
-- grain: one row per lease_no
with

asked as (  -- a column that no file has is not empty: nobody asked for it

    select
        count(case when column_name = 'approval_no' then 1 end) > 0 as asks_approval,
        count(case when column_name = 'appraisal' then 1 end) > 0 as asks_appraisal
    from ref_given_column
    where table_name = 'lease'

),

tested as (

    select
        lease.lease_no,
        lease.party_id,
        lease.tenant,
        lease.starts_on,
        lease.ends_on,
        lease.annual_rent,
        case when coalesce(lease.tender, '') not like '%公开招租%' then '未公开招租；' else '' end
        || case
            when asked.asks_approval and lease.approval_no is null then '无审批；'
            else ''
        end
        || case
            when
                policy.asset_valuation_required
                and asked.asks_appraisal
                and lease.appraisal is null
                then '无评估；'
            else ''
        end as reasons
    from stg_lease as lease
    cross join asked
    inner join ref_policy_day as policy on lease.starts_on = policy.day
    where
        lease.starts_on <= $as_of
        and lease.annual_rent > policy.asset_rent_check_yuan
        and case  -- from a month's last day to a month's last day it is whole months
            when
                lease.starts_on = last_day(lease.starts_on)
                and lease.ends_on = last_day(lease.ends_on)
                then
                    date_diff('month', lease.starts_on, lease.ends_on)
                    > policy.asset_bidding_required_over_months
            else
                lease.ends_on
                >= add_months(lease.starts_on, policy.asset_bidding_required_over_months)
        end

)

select
    lease_no,
    party_id,
    tenant as party_name,
    '' as period,
    'verify' as direction,
    annual_rent as amount,
    cast(null as decimal(18, 2)) as expected,
    annual_rent as actual,
    cast(null as varchar) as formula,
    'lease_rent|' || lease_no || '|程序' as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    starts_on,
    ends_on,
    rtrim(reasons, '；') as reasons
from tested
where reasons <> ''
order by lease_no

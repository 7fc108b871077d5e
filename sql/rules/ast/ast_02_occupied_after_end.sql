-- AST-02 occupied-after-end
-- grain: one row per lease_no
-- without any rent receipts nobody knows what was paid, and a lease that ends before it starts is
-- misread: to be verified
with

held as (  -- a later lease of the asset to the tenant is a renewal, another's ends the holdover

    select
        lease.lease_no,
        lease.party_id,
        lease.tenant,
        lease.annual_rent,
        lease.starts_on <= lease.ends_on as is_in_order,
        lease.ends_on,
        lease.handed_back_on,
        date_diff(
            'day',
            lease.ends_on,
            least(lease.handed_back_on, add_days(min(other.starts_on), -1), $as_of)
        ) as days_held
    from stg_lease as lease
    left join stg_lease as other
        on
            lease.asset_no = other.asset_no
            and lease.ends_on < other.ends_on
            and (lease.ends_on <= other.starts_on or lease.tenant_key = other.tenant_key)
    group by
        lease.lease_no, lease.party_id, lease.tenant, lease.tenant_key, lease.annual_rent,
        lease.starts_on, lease.ends_on, lease.handed_back_on
    having sum(case when lease.tenant_key = other.tenant_key then 1 else 0 end) = 0

),

paid_list as (

    select count(*) > 0 as is_there from src_lease_receipt

),

charged as (

    select
        held.*,
        div_half_up(held.annual_rent * held.days_held, 365) as occupation_fee,
        account.left_over
    from held
    inner join int_rent_account as account on held.lease_no = account.lease_no

)

select
    lease_no,
    party_id,
    tenant as party_name,
    '' as period,
    case when paid_list.is_there and is_in_order then 'recover' else 'verify' end as direction,
    cast(occupation_fee - left_over as decimal(18, 2)) as amount,
    occupation_fee as expected,
    left_over as actual,
    cast(annual_rent as varchar) || '×' || cast(days_held as varchar) || '/365'
    || case when left_over > 0 then '−' || cast(left_over as varchar) else '' end
    || '=' || cast(cast(occupation_fee - left_over as decimal(18, 2)) as varchar) as formula,
    'lease_rent|' || lease_no || '|占用' as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    ends_on,
    handed_back_on,
    days_held
from charged
cross join paid_list
where occupation_fee - left_over > $tolerance_money_yuan
order by lease_no

-- one row per instalment of a lease: due at the start of each cycle, pro rata by days only where
-- the last cycle is shorter; no cycle begins after the premises were handed back
with

cycle as (

    select
        lease.lease_no,
        lease.party_id,
        lease.ends_on,
        lease.annual_rent,
        lease.pay_months,
        add_months(lease.starts_on, month.month_no - first_month.month_no) as due_on,
        add_days(
            add_months(
                lease.starts_on, month.month_no - first_month.month_no + lease.pay_months
            ), -1
        ) as full_end
    from stg_lease as lease
    inner join ref_month as first_month
        on cast(date_trunc('month', lease.starts_on) as date) = first_month.month
    inner join ref_month as month
        on
            first_month.month <= month.month
            and lease.ends_on >= month.month
            and (month.month_no - first_month.month_no) % lease.pay_months = 0
    where
        add_months(lease.starts_on, month.month_no - first_month.month_no) <= lease.ends_on
        and (
            lease.handed_back_on is null
            or add_months(lease.starts_on, month.month_no - first_month.month_no)
            <= lease.handed_back_on
        )

)

select
    cycle.lease_no,
    cycle.party_id,
    cycle.due_on,
    least(cycle.full_end, cycle.ends_on) as covers_to,
    case
        when cycle.full_end <= cycle.ends_on
            then div_half_up(cycle.annual_rent * cycle.pay_months, 12)
        else
            div_half_up(
                cycle.annual_rent * (date_diff('day', cycle.due_on, cycle.ends_on) + 1), 365
            )
    end as due,
    date_diff('day', cycle.due_on, $as_of) > policy.asset_rent_grace_days as is_overdue
from cycle
inner join ref_policy_day as policy on cycle.due_on = policy.day

-- one row per instalment of a lease: due at the start of each cycle, pro rata by days only where
-- the last cycle is shorter; no cycle begins after the premises were handed back
-- a lease that ends on the day of the month on which it starts is whole months: that day is no
-- cycle of its own, and a shorter last cycle that ends so is due by months
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
        (
            add_months(lease.starts_on, month.month_no - first_month.month_no) < lease.ends_on
            or lease.starts_on = lease.ends_on
        )
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
    case
        when add_days(cycle.full_end, 1) = cycle.ends_on then cycle.ends_on
        else least(cycle.full_end, cycle.ends_on)
    end as covers_to,
    case
        when cycle.full_end <= cycle.ends_on
            then div_half_up(cycle.annual_rent * cycle.pay_months, 12)
        when
            cycle.ends_on > cycle.due_on
            and cycle.ends_on
            = add_months(cycle.due_on, date_diff('month', cycle.due_on, cycle.ends_on))
            then
                div_half_up(
                    cycle.annual_rent * date_diff('month', cycle.due_on, cycle.ends_on), 12
                )
        else
            div_half_up(
                cycle.annual_rent * (date_diff('day', cycle.due_on, cycle.ends_on) + 1), 365
            )
    end as due,
    date_diff('day', cycle.due_on, $as_of) > policy.asset_rent_grace_days as is_overdue
from cycle
inner join ref_policy_day as policy on cycle.due_on = policy.day

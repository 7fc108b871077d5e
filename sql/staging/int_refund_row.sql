-- one row per payment of fee money and refund policy: the day by which the policy counts it, the
-- policy year of that day, its upper part and what of it the policy refunds (amount)
with

anchored as (

    select
        part.*,
        policy.policy,
        policy.year_kind,
        policy.base,
        policy.window_from,
        policy.window_to,
        case policy.anchor
            when 'paid_date' then part.paid_on
            when 'fee_period' then part.period_from
            else part.treasury_on
        end as anchor_on,
        cast(
            case
                when part.is_shared
                    then
                        round(
                            part.paid
                            * cast(
                                coalesce(policy.upper_share, 1 - part.fee_basic_share)
                                as decimal(10, 6)
                            ), 2
                        )
                else part.paid
            end as decimal(18, 2)
        ) as upper_part
    from int_upper_part as part
    cross join ref_refund_policy as policy

)

select
    row_id,
    party_id,
    policy,
    period_from,
    period_to,
    span_from,
    anchor_on,
    cast(
        extract(
            year from case year_kind when 'oct_sep' then add_months(anchor_on, 3) else anchor_on end
        ) as bigint
    ) as year,
    anchor_on between window_from and window_to as is_in_window,
    paid,
    upper_part,
    case base when 'full' then paid else upper_part end as amount,
    due_on,
    is_late,
    is_calendar_known,
    is_shared,
    is_mode_known
from anchored

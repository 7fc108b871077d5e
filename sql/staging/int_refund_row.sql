-- one row per payment of fee money and refund policy: the day by which the policy counts it, the
-- policy year of that day, its upper part and what of it the policy refunds (amount)
-- is_day_open: only the day of the treasury is given, in the first month of a policy year: it may
-- have been paid in the year before
-- what takes back part of a payment counts on the day of the latest earlier payment of its period
with

taken_back as (

    select
        part.row_id,
        whole.paid_on,
        whole.treasury_on
    from int_payment as part
    inner join int_payment as whole
        on
            part.party_id = whole.party_id
            and part.item = whole.item
            and part.period_from = whole.period_from
            and part.period_to = whole.period_to
            and part.treasury_on >= whole.treasury_on
    where part.paid < 0 and whole.paid > 0
    qualify row_number() over (
        partition by part.row_id
        order by whole.treasury_on desc, whole.row_id desc
    ) = 1

),

termed as (

    select
        payment.row_id,
        payment.party_id,
        payment.period_from,
        payment.period_to,
        payment.span_from,
        payment.paid,
        case when taken_back.row_id is null then payment.paid_on else taken_back.paid_on end
            as paid_on,
        coalesce(taken_back.treasury_on, payment.treasury_on) as treasury_on,
        payment.due_on,
        payment.is_calendar_known,
        policy.fee_basic_share,
        coalesce(payer_mode.mode, policy.fee_mode) as mode,
        coalesce(payer_mode.is_unread, false) as is_mode_unread,
        fraction.item_number is not null as is_system
    from int_payment as payment
    inner join ref_policy_day as policy on payment.period_from = policy.day
    left join taken_back on payment.row_id = taken_back.row_id
    left join int_payer as payer on payment.party_id = payer.party_id
    left join int_payer_mode as payer_mode on payment.party_id = payer_mode.party_id
    left join ref_policy_item as fraction
        on
            payer.system_class = fraction.item_key
            and fraction.name = 'fee.system_fraction'
            and payment.period_from >= fraction.starts_on
            and payment.period_from < fraction.ends_on
    where payment.item = '工会经费'

),

upper_part as (
    -- one row per payment of fee money, with what decides its upper part: the basic share of its
    -- first day, and whether the payment still holds the basic part (is_shared) is_mode_known: the
    -- collection mode says which part of the fee is paid here

    select
        row_id,
        party_id,
        period_from,
        period_to,
        span_from,
        paid,
        coalesce(paid_on, treasury_on) as paid_on,
        paid_on is null as is_day_assumed,
        treasury_on,
        due_on,
        treasury_on > due_on and paid > 0 as is_late,
        is_calendar_known,
        fee_basic_share,
        mode <> '部分代收' and not is_system as is_shared,
        mode in ('全额代收', '部分代收') and not is_mode_unread as is_mode_known
    from termed

),

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
        policy.anchor = 'paid_date'
        and part.is_day_assumed
        and extract(month from part.treasury_on)
        = case policy.year_kind when 'oct_sep' then 10 else 1 end as is_day_open,
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
    from upper_part as part
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
    is_mode_known,
    is_day_open
from anchored

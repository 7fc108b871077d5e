-- one row per payment that has a basic part: fee money, and preparation money of periods after the
-- month of founding (wrong item); with the day by which it is to be passed back
-- basic: as the settlement states it, else net of the handling fee times the basic share
with

termed as (

    select
        payment.row_id,
        payment.party_id,
        payment.item,
        payment.period_from,
        payment.period_to,
        payment.span_from,
        payment.span_to,
        payment.paid,
        payment.treasury_on,
        policy.fee_basic_share,
        union_now.founded_on,
        union_now.has_open_account,
        case
            when policy.fee_handling_fee_bearer = 'before_split' then policy.fee_handling_fee_rate
            else 0
        end as handling_rate,
        coalesce(payer.collection_mode, policy.fee_mode) as mode,
        fraction.item_number is not null as is_system,
        stated.basic as stated_basic,
        stated.settlement_row_id
    from int_payment as payment
    inner join ref_policy_day as policy on payment.period_from = policy.day
    left join int_payer as payer on payment.party_id = payer.party_id
    left join int_union_now as union_now on payment.party_id = union_now.party_id
    left join int_basic_stated as stated on payment.row_id = stated.row_id
    left join ref_policy_item as fraction
        on
            payer.system_class = fraction.item_key
            and fraction.name = 'fee.system_fraction'
            and payment.period_from >= fraction.starts_on
            and payment.period_from < fraction.ends_on
    where
        payment.item = '工会经费'
        or payment.period_from >= add_months(date_trunc('month', union_now.founded_on), 1)

),

due as (

    select
        termed.row_id,
        case policy.fee_passback_day_type
            when 'working' then target.day
            else add_days(termed.treasury_on, policy.fee_passback_days)
        end as due_on,
        policy.fee_passback_day_type <> 'working' or (start.is_known and target.is_known)
            as is_calendar_known
    from termed
    inner join ref_policy_day as policy on termed.treasury_on = policy.day
    inner join ref_day as start on termed.treasury_on = start.day
    left join ref_day as target
        on start.workday_no + policy.fee_passback_days = target.workday_no and target.is_workday

)

select
    termed.row_id,
    termed.party_id,
    termed.item,
    termed.period_from,
    termed.period_to,
    termed.span_from,
    termed.span_to,
    termed.paid,
    termed.treasury_on,
    termed.fee_basic_share,
    termed.handling_rate,
    termed.settlement_row_id,
    termed.founded_on,
    coalesce(termed.has_open_account, false) as has_open_account,
    due.due_on,
    coalesce(due.is_calendar_known, false) as is_calendar_known,
    termed.stated_basic is not null as is_stated,
    termed.mode = '全额代收' and not termed.is_system as is_full_mode,
    termed.founded_on is not null and termed.period_to >= termed.founded_on as is_after_founding,
    coalesce(
        termed.stated_basic,
        case
            when termed.item = '工会经费' and (termed.mode = '部分代收' or termed.is_system)
                then 0
            else
                cast(round(
                    cast(
                        round(termed.paid * cast(1 - termed.handling_rate as decimal(10, 6)), 2)
                        as decimal(18, 2)
                    ) * termed.fee_basic_share, 2
                ) as decimal(18, 2))
        end
    ) as basic
from termed
left join due on termed.row_id = due.row_id

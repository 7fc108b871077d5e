-- one row per payment of fee money, with what decides its upper part: the basic share of its first
-- day, and whether the payment still holds the basic part (is_shared)
-- is_mode_known: the collection mode says which part of the fee is paid here
with

termed as (

    select
        payment.*,
        policy.fee_basic_share,
        coalesce(payer.collection_mode, policy.fee_mode) as mode,
        fraction.item_number is not null as is_system
    from int_payment as payment
    inner join ref_policy_day as policy on payment.period_from = policy.day
    left join int_payer as payer on payment.party_id = payer.party_id
    left join ref_policy_item as fraction
        on
            payer.system_class = fraction.item_key
            and fraction.name = 'fee.system_fraction'
            and payment.period_from >= fraction.starts_on
            and payment.period_from < fraction.ends_on
    where payment.item = '工会经费'

)

select
    row_id,
    party_id,
    period_from,
    period_to,
    span_from,
    paid,
    coalesce(paid_on, treasury_on) as paid_on,
    treasury_on,
    due_on,
    treasury_on > due_on and paid > 0 as is_late,
    is_calendar_known,
    fee_basic_share,
    mode <> '部分代收' and not is_system as is_shared,
    mode in ('全额代收', '部分代收') as is_mode_known
from termed

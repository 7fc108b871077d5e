-- tax collection: one row per source row, with its party and what became of the row
-- is_repeat: the same payment listed again (overlapping exports), counted once everywhere
-- is_reversed: cancelled by a later negative row, or such a negative row itself
-- takes_back_on: the treasury day of the payment that such a negative row cancels
-- rate_mode: the collection mode that a fee line's rate tells: the whole of fee.rate, or what is
-- left of it after the basic part; null where it is neither
with

resolved as (

    select
        source.*,
        mention.party_id,
        row_number() over (
            partition by
                source.voucher_no, mention.party_id, source.item,
                source.period_from, source.period_to, source.paid
            order by source.treasury_on asc, source.row_id asc
        ) > 1 as is_repeat
    from src_tax_collection as source
    inner join party_of_mention as mention
        on
            coalesce(source.payer_uscc, '') = mention.code_key
            and coalesce(source.payer_name_key, '') = mention.name_key

),

negative as (  -- payer, item, period and amount of negative rows: nothing else can be reversed

    select distinct
        party_id,
        item,
        period_from,
        period_to,
        -paid as size_yuan
    from resolved
    where paid < 0 and not is_repeat

),

reversible as (

    select
        resolved.row_id,
        resolved.party_id,
        resolved.item,
        resolved.period_from,
        resolved.period_to,
        resolved.paid,
        resolved.treasury_on
    from resolved
    inner join negative
        on
            resolved.party_id = negative.party_id
            and resolved.item = negative.item
            and resolved.period_from = negative.period_from
            and resolved.period_to = negative.period_to
            and abs(resolved.paid) = negative.size_yuan
    where not resolved.is_repeat

),

stacked as (  -- payments push, reversals pop

    select
        row_id,
        party_id,
        item,
        period_from,
        period_to,
        treasury_on,
        abs(paid) as size_yuan,
        paid > 0 as is_payment,
        sum(case when paid > 0 then 1 else -1 end) over (
            partition by party_id, item, period_from, period_to, abs(paid)
            order by treasury_on asc, paid desc, row_id asc
            rows between unbounded preceding and current row
        ) as height,
        row_number() over (
            partition by party_id, item, period_from, period_to, abs(paid)
            order by treasury_on asc, paid desc, row_id asc
        ) as step
    from reversible

),

floored as (  -- a reversal with nothing to take back lowers the floor instead

    select
        stacked.*,
        height + case when is_payment then 0 else 1 end - least(
            0,
            coalesce(
                min(height) over (
                    partition by party_id, item, period_from, period_to, size_yuan
                    order by step asc
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )
        ) as depth
    from stacked

),

ranked as (  -- depth: the level that a row stands on or takes away

    select
        floored.*,
        row_number() over (
            partition by
                party_id, item, period_from, period_to, size_yuan, depth, is_payment
            order by step asc
        ) as turn
    from floored
    where depth > 0

),

reversed as (  -- the latest earlier payment of the same payer, item, period and amount

    select
        payment.row_id as payment_row_id,
        payment.treasury_on as payment_on,
        reversal.row_id as reversal_row_id
    from ranked as payment
    inner join ranked as reversal
        on
            payment.party_id = reversal.party_id
            and payment.item = reversal.item
            and payment.period_from = reversal.period_from
            and payment.period_to = reversal.period_to
            and payment.size_yuan = reversal.size_yuan
            and payment.depth = reversal.depth
            and payment.turn = reversal.turn
    where payment.is_payment and not reversal.is_payment

),

cancelled as (

    select
        payment_row_id as row_id,
        cast(null as date) as takes_back_on
    from reversed
    union all
    select
        reversal_row_id as row_id,
        payment_on as takes_back_on
    from reversed

)

select
    resolved.row_id,
    resolved.party_id,
    resolved.payer_name,
    resolved.payer_uscc,
    resolved.item,
    resolved.period_from,
    resolved.period_to,
    resolved.base,
    resolved.rate,
    case
        when resolved.item <> '工会经费' then null
        when resolved.rate = policy.fee_rate then '全额代收'
        when
            resolved.rate = cast(
                policy.fee_rate * cast(1 - policy.fee_basic_share as decimal(18, 6))
                as decimal(18, 6)
            )
            then '部分代收'
    end as rate_mode,
    resolved.due,
    resolved.paid,
    resolved.declared_on,
    resolved.paid_on,
    resolved.treasury_on,
    resolved.due_on,
    resolved.voucher_no,
    resolved.channel,
    resolved.receipt_no,
    resolved.batch_no,
    resolved.is_repeat,
    cancelled.row_id is not null as is_reversed,
    cancelled.takes_back_on
from resolved
left join cancelled on resolved.row_id = cancelled.row_id
left join ref_policy_day as policy on resolved.period_from = policy.day

-- payments for classes: one row per source row, with the party that was paid
-- is_repeat: the same voucher listed again (overlapping exports)
-- is_reversed: cancelled by a later negative row of class, payee and amount, or such a row itself
with

resolved as (

    select
        source.*,
        coalesce(by_name.party_id, 'N:' || coalesce(source.payee_key, '')) as payee_party_id,
        source.voucher_no is not null
        and row_number() over (
            partition by
                source.class_no, source.payee_key, source.payee_account, source.heads,
                source.amount, source.paid_on, source.voucher_no
            order by source.row_id asc
        ) > 1 as is_repeat
    from src_training_payment as source
    left join party_of_name as by_name on source.payee_key = by_name.name_key

),

stacked as (  -- payments push, reversals pop

    select
        row_id,
        class_no,
        coalesce(payee_key, '') as payee_text,
        abs(amount) as size_yuan,
        amount > 0 as is_payment,
        sum(case when amount > 0 then 1 else -1 end) over (
            partition by class_no, coalesce(payee_key, ''), abs(amount)
            order by paid_on asc, amount desc, row_id asc
            rows between unbounded preceding and current row
        ) as height,
        row_number() over (
            partition by class_no, coalesce(payee_key, ''), abs(amount)
            order by paid_on asc, amount desc, row_id asc
        ) as step
    from resolved
    where not is_repeat and amount <> 0

),

floored as (  -- a reversal with nothing to take back lowers the floor instead

    select
        stacked.*,
        height + case when is_payment then 0 else 1 end - least(
            0,
            coalesce(
                min(height) over (
                    partition by class_no, payee_text, size_yuan
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
            partition by class_no, payee_text, size_yuan, depth, is_payment
            order by step asc
        ) as turn
    from floored
    where depth > 0

),

reversed as (

    select
        payment.row_id as payment_row_id,
        reversal.row_id as reversal_row_id
    from ranked as payment
    inner join ranked as reversal
        on
            payment.class_no = reversal.class_no
            and payment.payee_text = reversal.payee_text
            and payment.size_yuan = reversal.size_yuan
            and payment.depth = reversal.depth
            and payment.turn = reversal.turn
    where payment.is_payment and not reversal.is_payment

),

cancelled as (

    select payment_row_id as row_id from reversed
    union all
    select reversal_row_id as row_id from reversed

)

select
    resolved.row_id,
    resolved.class_no,
    resolved.payee,
    resolved.payee_key,
    resolved.payee_party_id,
    resolved.payee_account,
    resolved.heads,
    resolved.standard,
    resolved.amount,
    resolved.paid_on,
    resolved.voucher_no,
    resolved.is_repeat,
    cancelled.row_id is not null as is_reversed
from resolved
left join cancelled on resolved.row_id = cancelled.row_id

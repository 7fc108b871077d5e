-- transfers: one row per source row, with the party that the money is about
-- (the payer where one is named, else the payee) and the payee's own party where known
-- is_returned: sent back by the bank (a negative row), or a row that such a one cancels
-- counts_on: its own day; that of the payment which it takes back for a negative row, of part of
-- one for the latest earlier payment of kind, payer and period
with

resolved as (

    select
        source.*,
        coalesce(by_payer.party_id, by_payee.party_id) as party_id,
        by_payee.party_id as payee_party_id
    from src_fund_transfer as source
    left join party_of_mention as by_payer
        on
            coalesce(source.payer_uscc, '') = by_payer.code_key
            and coalesce(source.payer_name_key, '') = by_payer.name_key
    left join party_of_name as by_payee on source.payee_name_key = by_payee.name_key

),

negative as (  -- kind, payer and amount of negative rows: nothing else can be cancelled

    select distinct
        kind,
        coalesce(party_id, payee_name_key) as who,
        -amount as size_yuan
    from resolved
    where amount < 0

),

stacked as (  -- payments push, returns pop

    select
        resolved.row_id,
        resolved.kind,
        resolved.paid_on,
        negative.who,
        negative.size_yuan,
        resolved.amount > 0 as is_payment,
        sum(case when resolved.amount > 0 then 1 else -1 end) over (
            partition by resolved.kind, negative.who, negative.size_yuan
            order by
                resolved.paid_on asc, resolved.amount desc,
                coalesce(resolved.transfer_no, '') asc, resolved.row_id asc
            rows between unbounded preceding and current row
        ) as height,
        row_number() over (
            partition by resolved.kind, negative.who, negative.size_yuan
            order by
                resolved.paid_on asc, resolved.amount desc,
                coalesce(resolved.transfer_no, '') asc, resolved.row_id asc
        ) as step
    from resolved
    inner join negative
        on
            resolved.kind = negative.kind
            and coalesce(resolved.party_id, resolved.payee_name_key) = negative.who
            and abs(resolved.amount) = negative.size_yuan

),

floored as (  -- a return with nothing to take back lowers the floor instead

    select
        stacked.*,
        height + case when is_payment then 0 else 1 end - least(
            0,
            coalesce(
                min(height) over (
                    partition by kind, who, size_yuan
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
            partition by kind, who, size_yuan, depth, is_payment
            order by step asc
        ) as turn
    from floored
    where depth > 0

),

returned as (  -- a negative row cancels the latest earlier payment of kind, payer and amount

    select
        payment.row_id as payment_row_id,
        bounce.row_id as bounce_row_id,
        payment.paid_on
    from ranked as payment
    inner join ranked as bounce
        on
            payment.kind = bounce.kind
            and payment.who = bounce.who
            and payment.size_yuan = bounce.size_yuan
            and payment.depth = bounce.depth
            and payment.turn = bounce.turn
    where payment.is_payment and not bounce.is_payment

),

cancelled as (

    select
        payment_row_id as row_id,
        paid_on
    from returned
    union all
    select
        bounce_row_id as row_id,
        paid_on
    from returned

),

standing as (

    select
        resolved.*,
        cancelled.row_id is not null as is_returned,
        cancelled.paid_on as cancelled_paid_on,
        max(
            case when resolved.amount > 0 and cancelled.row_id is null then resolved.paid_on end
        ) over (
            partition by
                resolved.kind, coalesce(resolved.party_id, resolved.payee_name_key),
                resolved.period_from, resolved.period_to
            order by resolved.paid_on asc, resolved.amount desc, resolved.row_id asc
            rows between unbounded preceding and current row
        ) as earlier_paid_on
    from resolved
    left join cancelled on resolved.row_id = cancelled.row_id

)

select
    standing.row_id,
    standing.party_id,
    standing.payee_party_id,
    standing.transfer_no,
    standing.kind,
    standing.policy,
    standing.payer_uscc,
    standing.payer_name,
    standing.payee_name,
    standing.payee_name_key,
    standing.payee_account,
    standing.period_from,
    standing.period_to,
    standing.amount,
    standing.paid_on,
    standing.serial_no,
    standing.is_returned,
    case
        when standing.amount >= 0 then standing.paid_on
        else coalesce(standing.cancelled_paid_on, standing.earlier_paid_on, standing.paid_on)
    end as counts_on
from standing

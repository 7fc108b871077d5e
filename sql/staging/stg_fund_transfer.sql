-- transfers: one row per source row, with the party that the money is about
-- (the payer where one is named, else the payee) and the payee's own party where known
-- is_returned: sent back by the bank (a negative row), or a row that such a one cancels
with

stacked as (

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

ordered as (

    select
        stacked.*,
        row_number() over (
            partition by kind, coalesce(party_id, payee_name_key), abs(amount), amount > 0
            order by paid_on desc, row_id desc
        ) as turn
    from stacked

),

returned as (  -- a negative row cancels the latest earlier payment of kind, payer and amount

    select
        payment.row_id as payment_row_id,
        bounce.row_id as bounce_row_id
    from ordered as payment
    inner join ordered as bounce
        on
            payment.kind = bounce.kind
            and coalesce(payment.party_id, payment.payee_name_key)
            = coalesce(bounce.party_id, bounce.payee_name_key)
            and payment.amount = -bounce.amount
            and payment.turn = bounce.turn
            and payment.paid_on <= bounce.paid_on
    where payment.amount > 0 and bounce.amount < 0

),

cancelled as (

    select payment_row_id as row_id from returned
    union all
    select bounce_row_id as row_id from returned

)

select
    ordered.row_id,
    ordered.party_id,
    ordered.payee_party_id,
    ordered.transfer_no,
    ordered.kind,
    ordered.policy,
    ordered.payer_uscc,
    ordered.payer_name,
    ordered.payee_name,
    ordered.payee_name_key,
    ordered.payee_account,
    ordered.period_from,
    ordered.period_to,
    ordered.amount,
    ordered.paid_on,
    ordered.serial_no,
    cancelled.row_id is not null as is_returned
from ordered
left join cancelled on ordered.row_id = cancelled.row_id

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

negative as (  -- kind, payer and amount of negative rows: nothing else can be cancelled

    select distinct
        kind,
        coalesce(party_id, payee_name_key) as who,
        -amount as size_yuan
    from stacked
    where amount < 0

),

ordered as (

    select
        stacked.row_id,
        stacked.kind,
        negative.who,
        stacked.amount,
        stacked.paid_on,
        row_number() over (
            partition by stacked.kind, negative.who, abs(stacked.amount), stacked.amount > 0
            order by stacked.paid_on desc, stacked.row_id desc
        ) as turn
    from stacked
    inner join negative
        on
            stacked.kind = negative.kind
            and coalesce(stacked.party_id, stacked.payee_name_key) = negative.who
            and abs(stacked.amount) = negative.size_yuan

),

returned as (  -- a negative row cancels the latest earlier payment of kind, payer and amount

    select
        payment.row_id as payment_row_id,
        bounce.row_id as bounce_row_id
    from ordered as payment
    inner join ordered as bounce
        on
            payment.kind = bounce.kind
            and payment.who = bounce.who
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
    stacked.row_id,
    stacked.party_id,
    stacked.payee_party_id,
    stacked.transfer_no,
    stacked.kind,
    stacked.policy,
    stacked.payer_uscc,
    stacked.payer_name,
    stacked.payee_name,
    stacked.payee_name_key,
    stacked.payee_account,
    stacked.period_from,
    stacked.period_to,
    stacked.amount,
    stacked.paid_on,
    stacked.serial_no,
    cancelled.row_id is not null as is_returned
from stacked
left join cancelled on stacked.row_id = cancelled.row_id

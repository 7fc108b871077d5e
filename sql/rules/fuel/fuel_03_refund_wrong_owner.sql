-- FUEL-03 refund-wrong-owner
-- grain: one row per refund (card_no, txn_key)
select
    refund.card_no,
    refund.txn_key,
    refund.party_id,
    refund.party_name,
    strftime(refund.txn_on, '%Y-%m-%d') as period,
    case when refund.is_refund then 'write_off' else 'verify' end as direction,
    refund.amount,
    refund.amount as expected,
    cast(0 as decimal(18, 2)) as actual,
    null as formula,
    refund.money_key,
    refund.txn_on as report_from,
    refund.txn_on as report_to,
    refund.card_last4,
    refund.kind,
    refund.txn_on,
    refund.account_name,
    refund.posted_on,
    refund.row_id as source_row_id,
    refund.bank_row_id
from int_card_refund as refund
where refund.state = 'elsewhere'
order by refund.card_no, refund.txn_key

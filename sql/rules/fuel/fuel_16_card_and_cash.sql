-- FUEL-16 card-and-cash
-- grain: one row per reimbursement (plate, spent_on, invoice_no, paid, copy_no)
with

fill_day as (  -- one row per car and day with a card fill; named by its first card

    select
        plate,
        txn_on,
        min(card_no) as card_no,
        sum(paid) as card_paid
    from int_spend
    where kind = '加油'
    group by plate, txn_on

)

select
    cash.plate,
    cash.spent_on,
    cash.invoice_no,
    cash.amount as paid,
    cash.copy_no,
    card.party_id,
    card.owner_unit as party_name,
    strftime(cash.spent_on, '%Y-%m-%d') as period,
    'recover' as direction,
    cash.amount,
    cast(0 as decimal(18, 2)) as expected,
    cash.amount as actual,
    null as formula,
    'expense_line|' || cash.plate || '|' || strftime(cash.spent_on, '%Y-%m-%d') || '|'
    || coalesce(cash.invoice_no, '') || '|' || cast(cash.amount as varchar) || '|'
    || cast(cash.copy_no as varchar) as money_key,
    cash.spent_on as report_from,
    cash.spent_on as report_to,
    card.card_last4,
    cash.method,
    fill_day.card_paid,
    cash.row_id as source_row_id
from stg_fuel_reimbursement as cash
inner join fill_day on cash.plate = fill_day.plate and cash.spent_on = fill_day.txn_on
inner join int_card as card on fill_day.card_no = card.card_no
where
    cash.amount > 0
    and not cash.is_repeat
    and not cash.is_reversed
    and not regexp_matches(coalesce(cash.method, ''), '油卡|加油卡')
order by cash.plate, cash.spent_on, cash.invoice_no, cash.amount, cash.copy_no

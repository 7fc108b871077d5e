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

),

part as (  -- a smaller row below zero of car and invoice pays back part of one payment, the latest

    select
        cash.row_id,
        -back.amount as amount
    from stg_fuel_reimbursement as back
    inner join stg_fuel_reimbursement as cash
        on
            back.plate = cash.plate
            and back.invoice_no = cash.invoice_no
            and back.spent_on >= cash.spent_on
            and -back.amount < cash.amount
    where
        back.amount < 0
        and not back.is_repeat
        and not back.is_reversed
        and not cash.is_reversed
    qualify row_number() over (
        partition by back.row_id
        order by cash.spent_on desc, cash.amount desc, cash.row_id asc
    ) = 1

),

standing as (

    select
        cash.*,
        paid_back.amount as paid_back,
        cast(cash.amount - coalesce(paid_back.amount, 0) as decimal(18, 2)) as left_over
    from stg_fuel_reimbursement as cash
    left join (
        select
            row_id,
            cast(sum(amount) as decimal(18, 2)) as amount
        from part
        group by row_id
    ) as paid_back on cash.row_id = paid_back.row_id

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
    cash.left_over as amount,
    cast(0 as decimal(18, 2)) as expected,
    cash.left_over as actual,
    case
        when cash.paid_back is not null
            then
                cast(cash.amount as varchar) || '−' || cast(cash.paid_back as varchar) || '='
                || cast(cash.left_over as varchar)
    end as formula,
    'expense_line|' || cash.plate || '|' || strftime(cash.spent_on, '%Y-%m-%d') || '|'
    || coalesce(cash.invoice_no, '') || '|' || cast(cash.amount as varchar) || '|'
    || cast(cash.copy_no as varchar) as money_key,
    cash.spent_on as report_from,
    cash.spent_on as report_to,
    card.card_last4,
    cash.method,
    fill_day.card_paid,
    cash.paid_back,
    cash.row_id as source_row_id
from standing as cash
inner join fill_day on cash.plate = fill_day.plate and cash.spent_on = fill_day.txn_on
inner join int_card as card on fill_day.card_no = card.card_no
where
    cash.left_over > 0
    and not cash.is_repeat
    and not cash.is_reversed
    and not regexp_matches(coalesce(cash.method, ''), '油卡|加油卡')
order by cash.plate, cash.spent_on, cash.invoice_no, cash.amount, cash.copy_no

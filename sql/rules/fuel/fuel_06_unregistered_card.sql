-- FUEL-06 unregistered-card
-- grain: one row per card_no; a state as of the day
with

outside as (  -- purchases without a register row, or before the register row begins

    select
        spend.card_no,
        card.row_id is null as is_unregistered,
        min(spend.txn_on) as first_on,
        max(spend.txn_on) as last_on,
        count(*) as purchases,
        sum(spend.paid) as spent
    from int_spend as spend
    inner join int_card as card on spend.card_no = card.card_no
    where card.row_id is null or card.opened_on > spend.txn_on
    group by spend.card_no, card.row_id is null

),

merged as (  -- fills that FUEL-08 counts as one, card by card

    select
        item.exception_id,
        item.money_key,
        item.amount,
        spend.card_no,
        sum(spend.paid) as paid
    from exception_item as item
    inner join exception_evidence as proof on item.exception_id = proof.exception_id
    inner join int_spend as spend on proof.row_id = spend.row_id
    where item.rule = 'FUEL-08' and item.direction = 'recover'
    group by item.exception_id, item.money_key, item.amount, spend.card_no

),

summed as (

    select
        merged.*,
        sum(paid) over (partition by exception_id) as paid_in_all
    from merged

),

excess as (  -- what the other cards of such fills do not bear

    select
        summed.card_no,
        summed.exception_id,
        greatest(summed.amount - (summed.paid_in_all - summed.paid), 0) as amount
    from summed
    left join int_spend as own
        on summed.money_key = own.money_key and summed.card_no = own.card_no
    where own.row_id is null

),

elsewhere as (  -- what narrower rules recover from the same card's purchases

    select
        spend.card_no,
        spend.money_key,
        max(item.amount) as amount
    from int_spend as spend
    inner join exception_item as item on spend.money_key = item.money_key
    where item.direction = 'recover'
    group by spend.card_no, spend.money_key
    union all
    select
        card_no,
        exception_id as money_key,
        amount
    from excess

),

narrower as (

    select
        card_no,
        sum(amount) as amount
    from elsewhere
    group by card_no

),

netted as (

    select
        outside.*,
        case
            when outside.is_unregistered then coalesce(narrower.amount, 0) else 0
        end as recovered_elsewhere
    from outside
    left join narrower on outside.card_no = narrower.card_no

)

select
    netted.card_no,
    card.party_id,
    card.owner_unit as party_name,
    '' as period,
    case when netted.is_unregistered then 'recover' else 'verify' end as direction,
    netted.spent - netted.recovered_elsewhere as amount,
    cast(0 as decimal(18, 2)) as expected,
    netted.spent - netted.recovered_elsewhere as actual,
    cast(netted.spent as varchar) || '−' || cast(netted.recovered_elsewhere as varchar) || '='
    || cast(netted.spent - netted.recovered_elsewhere as varchar) as formula,
    'card_spend|' || netted.card_no as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    card.card_last4,
    card.opened_on as registered_from,
    netted.first_on,
    netted.last_on,
    netted.purchases,
    netted.spent,
    netted.recovered_elsewhere
from netted
inner join int_card as card on netted.card_no = card.card_no
order by netted.card_no

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
    where
        spend.txn_on <= $as_of
        and (card.row_id is null or card.opened_on > spend.txn_on)
    group by spend.card_no, card.row_id is null

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

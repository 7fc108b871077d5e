-- one row per card with a known balance at as-of: the balance, since when the card stands still
-- the later of the last month end and the last transaction's balance; what moved after it is added
-- reserve: of the month of that balance, nothing where the month states none
-- is_unsure: the balance comes from transactions without one, or the order of a moment is not known
-- unseen_use_on: the last month end by which the balances went down without a transaction for it
with

month_row as (  -- a month that as-of falls into counts up to as-of

    select
        balance.row_id,
        balance.card_no,
        balance.closing,
        balance.reserve,
        balance.points,
        least(balance.month_end, $as_of) as known_on
    from stg_fuel_balance as balance
    where balance.month <= $as_of

),

last_month as (

    select
        row_id,
        card_no,
        closing,
        reserve,
        known_on
    from month_row
    qualify row_number() over (partition by card_no order by known_on desc) = 1

),

last_points as (

    select
        row_id,
        card_no,
        points
    from month_row
    where points is not null
    qualify row_number() over (partition by card_no order by known_on desc) = 1

),

txn as (

    select
        row_id,
        card_no,
        txn_at,
        txn_on,
        kind,
        movement,
        balance,
        is_reversed
    from stg_fuel_txn
    where txn_on <= $as_of and not is_repeat

),

at_last as (  -- the lines of a card's last moment (a day, where no time is given)

    select *
    from txn
    where balance is not null
    qualify txn_at = max(txn_at) over (partition by card_no)

),

ordered as (  -- however a file lists them, a line comes before the one that its balance opens

    select
        earlier.row_id,
        bool_or(later.row_id is not null) as is_followed
    from at_last as earlier
    left join at_last as later
        on
            earlier.card_no = later.card_no
            and earlier.row_id <> later.row_id
            and earlier.balance = later.balance - later.movement
    group by earlier.row_id

),

last_txn as (  -- where that tells nothing: the latest listed

    select
        at_last.row_id,
        at_last.card_no,
        at_last.balance,
        at_last.txn_at,
        at_last.txn_on,
        min(at_last.balance) over (partition by at_last.card_no, ordered.is_followed)
        <> max(at_last.balance) over (partition by at_last.card_no, ordered.is_followed)
        or ordered.is_followed as is_unsure
    from at_last
    inner join ordered on at_last.row_id = ordered.row_id
    qualify row_number() over (
        partition by at_last.card_no
        order by ordered.is_followed asc, at_last.row_id desc
    ) = 1

),

known as (

    select
        coalesce(last_month.card_no, last_txn.card_no) as card_no,
        case
            when last_month.known_on >= last_txn.txn_on or last_txn.row_id is null
                then last_month.row_id
            else last_txn.row_id
        end as row_id,
        case
            when last_month.known_on >= last_txn.txn_on or last_txn.row_id is null
                then last_month.closing
            else last_txn.balance
        end as balance,
        case
            when last_month.known_on >= last_txn.txn_on or last_txn.row_id is null
                then last_month.reserve
        end as reserve,
        case
            when last_month.known_on >= last_txn.txn_on or last_txn.row_id is null
                then last_month.known_on
            else last_txn.txn_on
        end as known_on,
        case
            when last_month.known_on >= last_txn.txn_on or last_txn.row_id is null
                then cast(last_month.known_on as timestamp) + interval '1' day
            else last_txn.txn_at + interval '1' second
        end as known_until,
        case
            when last_month.known_on >= last_txn.txn_on or last_txn.row_id is null then false
            else last_txn.is_unsure
        end as is_unsure
    from last_month
    full outer join last_txn on last_month.card_no = last_txn.card_no

),

later as (

    select
        move.card_no,
        sum(move.movement) as moved
    from int_card_move as move
    inner join known on move.card_no = known.card_no
    where move.txn_at >= known.known_until and move.txn_on <= $as_of
    group by move.card_no

),

listed as (

    select
        card_no,
        month,
        sum(movement) as moved
    from int_card_move
    group by card_no, month

),

chained as (  -- what left the card in a month, and before it, without a transaction for it

    select
        balance.card_no,
        balance.month,
        balance.month_end,
        balance.opening + coalesce(listed.moved, 0) - balance.closing as gone,
        lag(balance.closing) over (partition by balance.card_no order by balance.month asc)
        - balance.opening as gone_before
    from stg_fuel_balance as balance
    left join listed on balance.card_no = listed.card_no and balance.month = listed.month
    where balance.month_end <= $as_of

),

unseen as (

    select
        card_no,
        max(case when gone > $tolerance_money_yuan then month_end else month end) as used_on
    from chained
    where gone > $tolerance_money_yuan or gone_before > $tolerance_money_yuan
    group by card_no

),

dates as (

    select
        card_no,
        max(txn_on) as last_txn_on,
        max(
            case when kind in ('加油', '非油品') and movement < 0 and not is_reversed then txn_on end
        ) as last_used_on,
        min(txn_on) as first_txn_on
    from txn
    group by card_no

)

select
    card.card_no,
    card.row_id as card_row_id,
    known.row_id,
    card.party_id,
    card.owner_unit as party_name,
    card.card_last4,
    card.plate,
    card.card_type,
    coalesce(card.status, '正常') as status,
    cast(known.balance + coalesce(later.moved, 0) as decimal(18, 2)) as balance,
    cast(coalesce(known.reserve, 0) as decimal(18, 2)) as reserve,
    last_points.points,
    last_points.row_id as points_row_id,
    known.known_on,
    later.card_no is not null or known.is_unsure as is_unsure,
    unseen.used_on as unseen_use_on,
    coalesce(vehicle.is_disposed, false) as is_disposed,
    coalesce(vehicle.is_sealed, false) as is_sealed,
    case
        when card.status <> '正常' and vehicle.is_disposed
            then least(card.closed_on, vehicle.disposed_on)
        when card.status <> '正常' then card.closed_on
        when vehicle.is_disposed then vehicle.disposed_on
    end as stopped_on,
    coalesce(dates.last_txn_on, known.known_on) as last_txn_on,
    coalesce(dates.last_used_on, card.opened_on, dates.first_txn_on) as idle_since
from known
inner join int_card as card on known.card_no = card.card_no
left join later on known.card_no = later.card_no
left join last_points on known.card_no = last_points.card_no
left join dates on known.card_no = dates.card_no
left join unseen on known.card_no = unseen.card_no
left join stg_vehicle as vehicle on card.plate = vehicle.plate and vehicle.is_current

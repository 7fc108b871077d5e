-- FUEL-08 over-tank
-- grain: one row per run of fills of one car; named by the fill (card_no, txn_key) that ends it
with

fill as (

    select
        spend.row_id,
        spend.card_no,
        spend.txn_key,
        spend.money_key,
        spend.txn_at,
        spend.txn_on,
        spend.has_time,
        spend.litres,
        spend.paid,
        spend.plate,
        spend.party_id,
        spend.party_name,
        spend.card_last4,
        vehicle.tank_l,
        policy.fuel_merge_minutes * 60 as merge_seconds,
        cast(vehicle.tank_l * policy.fuel_tank_tolerance as decimal(18, 6)) as limit_l,
        cast(vehicle.tank_l * policy.fuel_tank_recover_factor as decimal(18, 6)) as recover_l,
        policy.fuel_tank_tolerance as tank_tolerance
    from int_spend as spend
    inner join stg_vehicle as vehicle
        on
            spend.plate = vehicle.plate
            and spend.txn_on between vehicle.serves_from and vehicle.serves_to
    inner join ref_policy_day as policy on spend.txn_on = policy.day
    where
        spend.kind = '加油'
        and spend.litres > 0
        and vehicle.tank_l > 0
        and not vehicle.is_electric
        and not vehicle.is_hybrid
        and coalesce(spend.product_kind, 'petrol') in ('petrol', 'diesel')

),

sequenced as (

    select
        fill.*,
        row_number() over fill_order as fill_no,
        lag(has_time) over fill_order as earlier_has_time,
        lag(txn_at) over fill_order as earlier_at
    from fill
    window fill_order as (partition by plate order by txn_at asc, txn_key asc, row_id asc)

),

parted as (  -- a fill of which only the day is known stands alone

    select
        sequenced.*,
        case
            when
                has_time
                and earlier_has_time
                and date_diff('second', earlier_at, txn_at) <= merge_seconds
                then 0
            else 1
        end as is_first
    from sequenced

),

in_run as (

    select
        parted.*,
        sum(is_first) over (
            partition by plate order by fill_no asc
            rows between unbounded preceding and current row
        ) as run_no
    from parted

),

merged as (  -- per fill, all fills of the run within the minutes before it

    select
        last_fill.plate,
        last_fill.fill_no,
        min(earlier.txn_at) as first_at,
        count(*) as fills,
        sum(earlier.litres) as litres,
        sum(earlier.paid) as paid
    from in_run as last_fill
    inner join in_run as earlier
        on last_fill.plate = earlier.plate and last_fill.run_no = earlier.run_no
    where
        earlier.fill_no <= last_fill.fill_no
        and date_diff('second', earlier.txn_at, last_fill.txn_at) <= last_fill.merge_seconds
    group by last_fill.plate, last_fill.fill_no

),

exceeded as (  -- the most litres of a run

    select
        in_run.*,
        merged.first_at,
        merged.fills,
        cast(merged.litres as decimal(18, 6)) as merged_l,
        cast(merged.paid as decimal(18, 2)) as merged_paid
    from in_run
    inner join merged on in_run.plate = merged.plate and in_run.fill_no = merged.fill_no
    where merged.litres > in_run.limit_l
    qualify row_number() over (
        partition by in_run.plate, in_run.run_no
        order by merged.litres desc, in_run.fill_no asc
    ) = 1

),

elsewhere as (  -- what narrower rules recover of the earlier fills of the same half hour

    select
        exceeded.plate,
        exceeded.fill_no,
        earlier.money_key,
        max(item.amount) as amount
    from exceeded
    inner join in_run as earlier
        on exceeded.plate = earlier.plate and exceeded.run_no = earlier.run_no
    inner join exception_item as item on earlier.money_key = item.money_key
    where
        earlier.fill_no < exceeded.fill_no
        and earlier.txn_at >= exceeded.first_at
        and item.direction = 'recover'
    group by exceeded.plate, exceeded.fill_no, earlier.money_key

),

narrower as (

    select
        plate,
        fill_no,
        sum(amount) as amount
    from elsewhere
    group by plate, fill_no

),

priced as (

    select
        exceeded.*,
        div_half_up(cast(merged_l - limit_l as decimal(18, 6)) * merged_paid, merged_l) as excess,
        case
            when merged_l > recover_l
                then cast(merged_paid - coalesce(narrower.amount, 0) as decimal(18, 2))
        end as left_over
    from exceeded
    left join narrower
        on exceeded.plate = narrower.plate and exceeded.fill_no = narrower.fill_no

),

capped as (  -- a fen that a narrower rule recovers is not recovered again

    select
        priced.*,
        least(excess, left_over) as amount,
        '(' || number_text(merged_l) || '−' || number_text(tank_l) || '×'
        || number_text(tank_tolerance) || ')×' || cast(merged_paid as varchar) || '/'
        || number_text(merged_l) as operation
    from priced

)

select
    card_no,
    txn_key,
    party_id,
    party_name,
    strftime(txn_on, '%Y-%m-%d') as period,
    case when left_over is null then 'verify' else 'recover' end as direction,
    amount,
    merged_paid - amount as expected,
    merged_paid as actual,
    case
        when amount < excess then 'min(' || operation || ',' || cast(left_over as varchar) || ')'
        else operation
    end || '=' || cast(amount as varchar) as formula,
    money_key,
    txn_on as report_from,
    txn_on as report_to,
    card_last4,
    plate,
    txn_on,
    has_time,
    first_at,
    txn_at as last_at,
    fills,
    merged_l as litres,
    tank_l,
    limit_l
from capped
order by card_no, txn_key;

select
    found.exception_no,
    spend.row_id
from found
inner join int_spend as spend on found.plate = spend.plate
where
    spend.kind = '加油'
    and spend.litres > 0
    and coalesce(spend.product_kind, 'petrol') in ('petrol', 'diesel')
    and spend.txn_at >= found.first_at
    and spend.txn_at <= found.last_at
    and (found.has_time or spend.txn_key = found.txn_key)
union all
select
    found.exception_no,
    vehicle.row_id
from found
inner join stg_vehicle as vehicle
    on
        found.plate = vehicle.plate
        and found.txn_on between vehicle.serves_from and vehicle.serves_to

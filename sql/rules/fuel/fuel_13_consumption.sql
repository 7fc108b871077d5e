-- FUEL-13 consumption
-- grain: one row per distance between two readings, named by the fill (card_no, txn_key) at its end
with

fill as (

    select
        spend.row_id,
        spend.card_no,
        spend.txn_key,
        spend.money_key,
        spend.txn_at,
        spend.txn_on,
        spend.litres,
        spend.paid,
        spend.plate,
        spend.odometer,
        spend.party_id,
        spend.party_name,
        spend.card_last4,
        vehicle.norm_l_100km as norm,
        vehicle.serves_from
    from int_spend as spend
    inner join stg_vehicle as vehicle
        on
            spend.plate = vehicle.plate
            and spend.txn_on between vehicle.serves_from and vehicle.serves_to
    where
        spend.kind = '加油'
        and vehicle.norm_l_100km > 0
        and not vehicle.is_electric
        and not vehicle.is_hybrid
        and coalesce(spend.product_kind, 'petrol') in ('petrol', 'diesel')

),

numbered as (  -- fills after reading n, up to and including the fill with the next reading

    select
        fill.*,
        count(odometer) over (
            partition by plate
            order by txn_at asc, odometer asc nulls first, txn_key asc, row_id asc
            rows between unbounded preceding and current row
        ) - case when odometer is null then 0 else 1 end as reading_no
    from fill

),

summed as (

    select
        plate,
        reading_no,
        sum(litres) as litres,
        sum(paid) as paid,
        max(odometer) as odometer,
        count(*) - count(litres) as unknown_fills
    from numbered
    group by plate, reading_no

),

spanned as (

    select
        last_fill.*,
        cast(summed.litres as decimal(18, 6)) as span_l,
        cast(summed.paid as decimal(18, 2)) as span_paid,
        first_fill.txn_at as first_at,
        first_fill.odometer as first_odometer,
        cast(last_fill.odometer - first_fill.odometer as decimal(18, 6)) as km
    from numbered as last_fill
    inner join summed
        on last_fill.plate = summed.plate and last_fill.reading_no = summed.reading_no
    inner join numbered as first_fill
        on
            last_fill.plate = first_fill.plate
            and last_fill.reading_no = first_fill.reading_no + 1
    where
        summed.unknown_fills = 0
        and summed.litres > 0
        and first_fill.serves_from = last_fill.serves_from  -- one car, though the plate went on

),

judged as (

    select
        spanned.*,
        span_l * 100 > norm * km * (1 + policy.fuel_over_norm_pct) as is_over,
        span_l * 100 < norm * km * policy.fuel_under_norm_factor as is_under,
        ratio_half_up(span_l * 100, km) as litres_100km
    from spanned
    inner join ref_policy_day as policy on spanned.txn_on = policy.day
    where spanned.km >= policy.fuel_min_km

),

priced as (

    select
        judged.*,
        case
            when is_over
                then
                    div_half_up(
                        cast(span_l * 100 - norm * km as decimal(18, 6)) * span_paid,
                        span_l * 100
                    )
        end as excess
    from judged
    where is_over or is_under

)

select
    card_no,
    txn_key,
    party_id,
    party_name,
    strftime(txn_on, '%Y-%m-%d') as period,
    'verify' as direction,
    excess as amount,
    span_paid - excess as expected,
    case when is_over then span_paid end as actual,
    case
        when is_over
            then
                '(' || number_text(span_l) || '×100−' || number_text(norm) || '×'
                || number_text(km) || ')×' || cast(span_paid as varchar) || '/('
                || number_text(span_l) || '×100)=' || cast(excess as varchar)
    end as formula,
    money_key,
    txn_on as report_from,
    txn_on as report_to,
    card_last4,
    plate,
    txn_on,
    txn_at,
    first_at,
    first_odometer,
    odometer,
    km,
    span_l as litres,
    litres_100km,
    norm,
    case when is_over then '高于定额' else '低于定额' end as reason
from priced
order by card_no, txn_key;

select
    found.exception_no,
    spend.row_id
from found
inner join int_spend as spend on found.plate = spend.plate
where
    spend.kind = '加油'
    and coalesce(spend.product_kind, 'petrol') in ('petrol', 'diesel')
    and spend.txn_at >= found.first_at
    and spend.txn_at <= found.txn_at
union all
select
    found.exception_no,
    vehicle.row_id
from found
inner join stg_vehicle as vehicle
    on
        found.plate = vehicle.plate
        and found.txn_on between vehicle.serves_from and vehicle.serves_to

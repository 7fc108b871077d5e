-- one row per published rate: the figures it is judged by, and whether it disagrees
-- the registers' figures where they can be computed; where the scope is not said they must speak of
-- the same population (its denominator, closed units counted or not), else the row's own figures
-- published = half-up rounding of top / bottom to the published decimals, without dividing:
-- (2 published - unit) × bottom <= 2 top < (2 published + unit) × bottom
with

computed as (

    select * from int_rate_organised
    union all
    select * from int_rate_joined
    union all
    select * from int_rate_named
    union all
    select * from int_rate_closed

),

chosen as (

    select
        rate.*,
        coalesce(
            rate.is_scope_said
            or rate.denominator is null
            or rate.denominator in (computed.bottom, computed.bottom_all),
            false
        )
        and computed.row_id is not null as is_recomputed,
        computed.top as register_top,
        computed.top_high as register_top_high,
        computed.bottom as register_bottom
    from int_published_rate as rate
    left join computed on rate.row_id = computed.row_id

),

figures as (

    select
        chosen.*,
        cast(case when is_recomputed then register_top else numerator end as decimal(18, 6))
            as top,
        cast(case when is_recomputed then register_top_high else numerator end as decimal(18, 6))
            as top_high,
        cast(case when is_recomputed then register_bottom else denominator end as decimal(18, 6))
            as bottom
    from chosen

)

select
    row_id,
    metric,
    scope,
    rate_day,
    value,
    published,
    numerator,
    denominator,
    party_id,
    party_name,
    is_recomputed,
    top,
    bottom,
    ratio_half_up(top, bottom) as computed_rate,
    (2 * value - unit) * bottom > 2 * top_high or 2 * top >= (2 * value + unit) * bottom
        as is_different,
    coalesce(numerator > denominator, false) as is_no_subset
from figures
where bottom > 0 or numerator > denominator

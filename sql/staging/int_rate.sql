-- one row per published rate: the figures it is judged by, and whether it disagrees
-- the registers' figures where they can be computed; where the scope is not said they must speak of
-- the same population (its denominator, closed units counted or not), else the row's own figures
-- published = half-up rounding of top / bottom to the published decimals, without dividing:
-- (2 published - unit) × bottom <= 2 top < (2 published + unit) × bottom
with

rate_closed as (
    -- one row per published 整改完成率 of the whole area: findings closed by its day, and all findings

    select
        rate.row_id,
        count(case when finding.is_said_done or finding.closed_on <= rate.rate_day then 1 end)
            as top,
        count(case when finding.is_said_done or finding.closed_on <= rate.rate_day then 1 end)
            as top_high,
        count(*) as bottom,
        count(*) as bottom_all
    from int_published_rate as rate
    cross join int_rectification as finding
    where rate.metric = '整改完成率' and rate.scope_word = ''
    group by rate.row_id

),

named as (  -- persons of the platform's roll per union; a roll without a source is one

    select
        listed.row_id,
        listed.union_key,
        count(distinct member.id_token) as persons
    from int_rate_union as listed
    inner join stg_member as member on listed.union_key = member.union_key
    where
        listed.is_open
        and (member.source is null or member.source like '%平台%' or member.source like '%实名%')
        and not member.has_left
        and (member.joined_on is null or member.joined_on <= listed.rate_day)
        and (member.left_on is null or member.left_on >= listed.rate_day)
    group by listed.row_id, listed.union_key

),

rate_named as (
    -- one row per published 实名采集率 that roll and register can recompute: persons with a number on
    -- the platform's roll, and members of the unions in being, where every union gives its members
    -- and every union with members is on the platform's roll

    select
        listed.row_id,
        sum(named.persons) as top,
        sum(named.persons) as top_high,
        sum(case when listed.is_open then listed.members end) as bottom,
        sum(listed.members) as bottom_all
    from int_rate_union as listed
    left join named on listed.row_id = named.row_id and listed.union_key = named.union_key
    where listed.row_id in (select row_id from int_published_rate where metric = '实名采集率')
    group by listed.row_id
    having
        count(
            case
                when listed.is_open and listed.members is null then 1
                when listed.is_open and listed.members > 0 and named.persons is null then 1
            end
        ) = 0
        and sum(case when listed.is_open then listed.members end) > 0

),

rate_joined as (
    -- one row per published 入会率 that the union register can recompute: members and workers of the
    -- unions in being on its day, where every one of them gives both

    select
        row_id,
        sum(case when is_open then members end) as top,
        sum(case when is_open then members end) as top_high,
        sum(case when is_open then workers end) as bottom,
        sum(workers) as bottom_all
    from int_rate_union
    where row_id in (select row_id from int_published_rate where metric = '入会率')
    group by row_id
    having
        count(case when is_open and (members is null or workers is null) then 1 end) = 0
        and sum(case when is_open then workers end) > 0

),

scoped as (

    select
        rate.row_id,
        rate.rate_day,
        payer.party_id,
        (payer.opened_on is null or payer.opened_on <= rate.rate_day)
        and (payer.cancelled_on is null or payer.cancelled_on > rate.rate_day) as is_open
    from int_published_rate as rate
    inner join int_scope_payer as payer on rate.scope_word = payer.scope_word
    where rate.metric = '建会率'

),

organised as (

    select
        scoped.row_id,
        scoped.party_id,
        max(
            case
                when union_row.covered_by_parent
                    then case when union_row.covered_from <= scoped.rate_day then 2 else 0 end
                when union_row.founded_on is null then 1
                when union_row.founded_on <= scoped.rate_day then 2
                else 0
            end
        ) as certainty
    from scoped
    inner join int_union_row as union_row on scoped.party_id = union_row.party_id
    where
        scoped.is_open
        and (union_row.dissolved_on is null or union_row.dissolved_on > scoped.rate_day)
    group by scoped.row_id, scoped.party_id

),

registered as (  -- no union register, no answer

    select count(*) > 0 as is_filled
    from int_union_row

),

rate_organised as (
    -- one row per published 建会率 that the registers can recompute: employers of the scope in being
    -- on its day, and those of them with a union a unit covered by its parent's union counts from
    -- the approval; a union without a founding date counts in top_high only

    select
        scoped.row_id,
        count(case when organised.certainty = 2 then 1 end) as top,
        count(case when organised.certainty >= 1 then 1 end) as top_high,
        count(case when scoped.is_open then 1 end) as bottom,
        count(*) as bottom_all
    from scoped
    inner join registered on registered.is_filled
    left join organised
        on scoped.row_id = organised.row_id and scoped.party_id = organised.party_id
    group by scoped.row_id
    having count(case when scoped.is_open then 1 end) > 0

),

computed as (

    select * from rate_organised
    union all
    select * from rate_joined
    union all
    select * from rate_named
    union all
    select * from rate_closed

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

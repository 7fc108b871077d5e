-- ORG-08 sources-differ
-- grain: one row per union_key
-- the number of members that the union register states is a source of its own,
-- named last among equals: the others name persons
with

counted as (  -- members of each union by source

    select
        union_key,
        source,
        min(union_name) as union_name,
        count(distinct person_key) as persons
    from int_member_now
    where source is not null
    group by union_key, source
    union all
    select
        union_key,
        '工会组织台账' as source,
        min(union_name) as union_name,
        max(members) as persons
    from int_union_row
    where members is not null and (dissolved_on is null or dissolved_on > $as_of)
    group by union_key

),

compared as (

    select
        union_key,
        source as larger_source,
        persons as larger_count,
        min(union_name) over (partition by union_key) as union_name,
        min(persons) over (partition by union_key) as smaller_count,
        first_value(source) over (
            partition by union_key
            order by persons asc, source = '工会组织台账' asc, source desc
        ) as smaller_source,
        row_number() over (
            partition by union_key
            order by persons desc, source = '工会组织台账' asc, source asc
        ) as from_top
    from counted

),

gap as (

    select
        compared.*,
        larger_count - smaller_count as gap
    from compared
    where from_top = 1

)

select
    gap.union_key,
    coalesce(listed.party_id, gap.union_key) as party_id,
    gap.union_name as party_name,
    cast(null as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    gap.larger_source,
    gap.larger_count,
    gap.smaller_source,
    gap.smaller_count,
    gap.gap
from gap
inner join ref_policy_day as policy on policy.day = $as_of
left join int_union as listed on gap.union_key = listed.union_key
where gap.gap > policy.org_count_tolerance
order by gap.union_key;

with

seen as (  -- who stands in which of the two sources

    select
        found.exception_no,
        found.union_key,
        member.person_key,
        count(distinct member.source) as sources
    from found
    inner join int_member_now as member
        on
            found.union_key = member.union_key
            and member.source in (found.larger_source, found.smaller_source)
    group by found.exception_no, found.union_key, member.person_key

)

select
    seen.exception_no,
    member.row_id
from seen
inner join found on seen.exception_no = found.exception_no
inner join int_member_now as member
    on seen.union_key = member.union_key and seen.person_key = member.person_key
where seen.sources = 1 and member.source in (found.larger_source, found.smaller_source)
union all
select
    found.exception_no,
    listed.row_id
from found
inner join int_union_row as listed on found.union_key = listed.union_key
where '工会组织台账' in (found.larger_source, found.smaller_source)

-- one row per published 实名采集率 that roll and register can recompute: persons with a number on the
-- platform's roll, and members of the unions in being, where every union gives its members and
-- every union with members is on the platform's roll
with

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

)

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

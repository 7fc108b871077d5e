-- ORG-07 member-data
-- grain: one row per union_key, id_token and reason
with

person as (  -- a person of a union, listed by one source or several

    select
        union_key,
        id_token,
        min(union_name) as union_name,
        min(name) as name,
        min(id_no) as id_no,
        min(joined_on) as joined_on,
        min(row_id) as row_id,
        bool_and(status like '%保留会籍%') as is_retained
    from int_member_now
    where id_token is not null
    group by union_key, id_token

),

ranked as (

    select
        person.*,
        row_number() over (
            partition by id_token
            order by joined_on is null asc, joined_on asc, row_id asc
        ) as turn,
        first_value(union_name) over (
            partition by id_token
            order by joined_on is null asc, joined_on asc, row_id asc
        ) as first_union
    from person

),

gone as (  -- dead or retired by the as-of day

    select
        id_token,
        status,
        min(from_on) as since
    from stg_person_status
    where
        status in ('死亡', '退休')
        and (from_on is null or from_on <= $as_of)
        and (to_on is null or to_on >= $as_of)
    group by id_token, status

),

reasoned as (

    select
        ranked.union_key,
        ranked.id_token,
        ranked.union_name,
        ranked.name,
        ranked.id_no,
        '重复入会' as reason,
        '已在' || ranked.first_union as fact,
        cast(null as date) as aged_on
    from ranked
    where ranked.turn > 1
    union all
    select
        person.union_key,
        person.id_token,
        person.union_name,
        person.name,
        person.id_no,
        case when gone.status = '死亡' then '已死亡' else '已退休' end as reason,
        coalesce(cast(gone.since as varchar) || '起', '日期不详') as fact,
        cast(null as date) as aged_on
    from person
    inner join gone on person.id_token = gone.id_token
    where gone.status = '死亡' or not person.is_retained
    union all
    select
        person.union_key,
        person.id_token,
        person.union_name,
        person.name,
        person.id_no,
        '证件号无效' as reason,
        identity.fault as fact,
        cast(null as date) as aged_on
    from person
    inner join int_identity as identity on person.id_no = identity.id_no
    where identity.fault is not null
    union all
    select
        person.union_key,
        person.id_token,
        person.union_name,
        person.name,
        person.id_no,
        '未满入会年龄' as reason,
        '不满' || cast(policy.org_member_min_age as varchar) || '周岁' as fact,
        $as_of as aged_on
    from person
    inner join int_identity as identity on person.id_no = identity.id_no
    inner join ref_policy_day as policy on policy.day = $as_of
    where
        identity.fault is null
        and add_months(identity.born_on, 12 * policy.org_member_min_age) > $as_of

)

select
    reasoned.union_key,
    reasoned.id_token,
    reasoned.reason,
    coalesce(listed.party_id, reasoned.union_key) as party_id,
    reasoned.union_name as party_name,
    cast(null as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    reasoned.aged_on,
    reasoned.name,
    reasoned.id_no,
    reasoned.fact
from reasoned
left join int_union as listed on reasoned.union_key = listed.union_key
order by reasoned.union_key, reasoned.id_token, reasoned.reason

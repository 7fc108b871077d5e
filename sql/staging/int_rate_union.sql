-- one row per published 入会率 or 实名采集率 and union of its scope: is it in being on the day, its
-- members and workers
-- rows of a joint union that all say the same speak of the whole union, else each of its employer;
-- employers closed on the day are out
with

scoped as (

    select
        rate.row_id,
        rate.rate_day,
        union_row.union_key,
        union_row.members,
        union_row.workers,
        (payer.cancelled_on is null or payer.cancelled_on > rate.rate_day)
        and (union_row.dissolved_on is null or union_row.dissolved_on > rate.rate_day)
        and case
            when union_row.covered_by_parent
                then coalesce(union_row.covered_from <= rate.rate_day, false)
            else coalesce(union_row.founded_on <= rate.rate_day, true)
        end as is_open
    from int_published_rate as rate
    cross join int_union_row as union_row
    left join int_scope_payer as payer
        on union_row.party_id = payer.party_id and rate.scope_word = payer.scope_word
    where
        rate.metric in ('入会率', '实名采集率')
        and (rate.scope_word = '' or payer.party_id is not null)

)

select
    row_id,
    rate_day,
    union_key,
    is_open,
    case
        when min(members) = max(members) and coalesce(min(workers) = max(workers), true)
            then max(members)
        when count(members) = count(*) then sum(members)
    end as members,
    case
        when min(workers) = max(workers) and coalesce(min(members) = max(members), true)
            then max(workers)
        when count(workers) = count(*) then sum(workers)
    end as workers
from scoped
group by row_id, rate_day, union_key, is_open

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

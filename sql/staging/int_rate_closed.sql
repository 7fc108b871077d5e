-- one row per published 整改完成率 of the whole area: findings closed by its day, and all findings
select
    rate.row_id,
    count(case when finding.is_said_done or finding.closed_on <= rate.rate_day then 1 end) as top,
    count(case when finding.is_said_done or finding.closed_on <= rate.rate_day then 1 end)
        as top_high,
    count(*) as bottom,
    count(*) as bottom_all
from int_published_rate as rate
cross join int_rectification as finding
where rate.metric = '整改完成率' and rate.scope_word = ''
group by rate.row_id

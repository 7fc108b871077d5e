-- AST-06 repair-not-booked
-- grain: one row per project_no
with

tested as (

    select
        project.row_id,
        project.project_no,
        project.paid,
        project.finished_on,
        case when project.booked_on is null or project.booked_on > $as_of then '未入账；' else '' end
        || case
            when
                project.finished_on <= $as_of
                and (project.settled_on is null or project.settled_on > $as_of)
                then '未办决算；'
            else ''
        end as reasons,
        own.name as party_name,
        'N:' || own.name_key as party_id
    from src_repair_project as project
    cross join ref_self as own
    inner join ref_policy_day as policy
        on coalesce(project.finished_on, $as_of) = policy.day
    where project.paid >= policy.asset_repair_book_yuan

)

select
    project_no,
    party_id,
    party_name,
    '' as period,
    'verify' as direction,
    paid as amount,
    paid as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    'asset|' || project_no as money_key,
    finished_on as report_from,
    finished_on as report_to,
    coalesce(finished_on, $as_of) as price_on,
    row_id as project_row_id,
    rtrim(reasons, '；') as reasons,
    finished_on
from tested
where reasons <> ''
order by project_no

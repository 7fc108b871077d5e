-- one row per paid trainee and row of a status list that speaks of the class days
-- 其他部门已补贴 must be of the year of the class start, the same trade and the same level; what the
-- list leaves open (dates, trade, level) leaves the hit uncertain, as does a number without its end
with

met as (

    select
        trainee.class_no,
        trainee.id_token,
        listed.row_id as status_row_id,
        listed.status,
        listed.from_on,
        listed.to_on,
        listed.source,
        case
            when listed.status = '其他部门已补贴'
                then
                    coalesce(
                        year(trainee.starts_on)
                        between year(coalesce(listed.from_on, listed.to_on))
                        and year(coalesce(listed.to_on, listed.from_on)),
                        true
                    )
                    and coalesce(trainee.trade = listed.trade, true)
                    and coalesce(trainee.level = listed.level, true)
            else
                coalesce(listed.from_on <= trainee.ends_on, true)
                and coalesce(listed.to_on >= trainee.starts_on, true)
        end as is_met,
        coalesce(trainee.id_fault <> '证件号被截断', true) and case
            when listed.status = '其他部门已补贴'
                then
                    coalesce(listed.from_on, listed.to_on) is not null
                    and trainee.trade is not null
                    and listed.trade is not null
                    and trainee.level is not null
                    and listed.level is not null
            else coalesce(listed.from_on, listed.to_on) is not null
        end as is_certain
    from int_trainee as trainee
    inner join stg_person_status as listed on trainee.id_token = listed.id_token
    where trainee.is_paid and trainee.starts_on is not null

)

select
    class_no,
    id_token,
    status_row_id,
    status,
    from_on,
    to_on,
    source,
    is_certain,
    case
        when status = '其他部门已补贴' then 'paid_elsewhere'
        when status in ('死亡', '服刑') then 'dead_or_imprisoned'
        when status in ('财政供养', '在校学生', '机构人员') then 'excluded'
    end as ground
from met
where is_met

-- one row per published 建会率 that the registers can recompute: employers of the scope in being on
-- its day, and those of them with a union
-- a unit covered by its parent's union counts from the approval; a union without a founding date
-- counts in top_high only
with

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

)

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

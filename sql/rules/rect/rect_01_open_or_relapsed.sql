-- RECT-01 open-or-relapsed
-- grain: one row per finding_no and party_id
with

asked as (  -- does any file give proofs at all

    select count(*) > 0 as is_asked
    from ref_given_column
    where table_name = 'rectification' and column_name = 'proof'

),

finding as (

    select
        listed.*,
        asked.is_asked,
        listed.is_said_done or coalesce(listed.closed_on <= $as_of, false) as is_closed
    from int_rectification as listed
    cross join asked

),

hit as (  -- this run's exceptions of the closed finding's rule and unit, or of its own number

    select
        finding.row_id,
        item.exception_id
    from finding
    inner join exception_item as item
        on finding.rule_code = item.rule and finding.party_id = item.party_id
    where finding.is_closed
    union
    select
        finding.row_id,
        item.exception_id
    from finding
    inner join exception_item as item
        on finding.rule_code = item.rule and finding.party_name = item.party_name
    where finding.is_closed
    union
    select
        finding.row_id,
        item.exception_id
    from finding
    inner join exception_item as item on finding.finding_no = item.exception_id
    where finding.is_closed

),

hits as (

    select
        row_id,
        count(*) as hits,
        min(exception_id) as hit_example
    from hit
    group by row_id

),

judged as (

    select
        finding.*,
        coalesce(hits.hits, 0) as hits,
        hits.hit_example,
        finding.proof is null
        and finding.due_on < $as_of
        and (finding.is_asked or not finding.is_closed) as is_overdue,
        finding.amount - coalesce(finding.recovered, 0) as remaining
    from finding
    left join hits on finding.row_id = hits.row_id

),

reasoned as (

    select
        judged.*,
        case when is_overdue then '逾期无佐证' else '' end
        || case when is_overdue and hits > 0 then '、' else '' end
        || case when hits > 0 then '销号后再次发生' else '' end as reasons,
        case when amount is not null then greatest(remaining, 0) end as amount_left
    from judged

)

select
    finding_no,
    party_id,
    party_name,
    cast(null as varchar) as period,
    case when amount_left is null then '' else 'verify' end as direction,
    amount_left as amount,
    amount as expected,
    case when amount is not null then coalesce(recovered, 0) end as actual,
    case
        when remaining >= 0
            then
                cast(amount as varchar) || '−'
                || cast(cast(coalesce(recovered, 0) as decimal(18, 2)) as varchar) || '='
                || cast(remaining as varchar)
    end as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    rule_code,
    due_on,
    state,
    closed_on,
    reasons,
    case when is_overdue then date_diff('day', due_on, $as_of) end
        as days_overdue,
    hits,
    hit_example
from reasoned
where reasons <> ''
order by finding_no, party_id

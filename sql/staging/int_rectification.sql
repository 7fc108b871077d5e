-- one row per finding and unit of the rectification register; where it is listed twice, the later
-- row; is_closed: closed by the as-of day, or without a day said to be done
select
    source.row_id,
    source.finding_no,
    upper(source.rule) as rule_code,
    source.party_name,
    source.party_name_key,
    coalesce(by_name.party_id, 'N:' || source.party_name_key) as party_id,
    source.amount,
    source.recovered,
    source.due_on,
    source.state,
    source.proof,
    source.closed_on,
    source.closed_on is null
    and coalesce(source.state in ('已完成', '已整改', '已销号', '完成', '整改完成', '销号'), false)
        as is_said_done
from src_rectification as source
left join party_of_name as by_name on source.party_name_key = by_name.name_key
qualify row_number() over (
    partition by source.finding_no, coalesce(source.party_name_key, '')
    order by source.row_id desc
) = 1

-- SME-06 refunded-twice
-- grain: one row per party_id, policy and year
with

twice as (

    select
        split.*,
        cast(split.doubled + split.passed_again + split.combined as decimal(18, 2)) as amount
    from int_refund_split as split

)

select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    case when is_doubtful or combined > 0 then 'verify' else 'recover' end as direction,
    amount,
    cast(refunded - amount as decimal(18, 2)) as expected,
    refunded as actual,
    cast(refunded as varchar) || '−' || cast(cast(refunded - amount as decimal(18, 2)) as varchar)
    || '=' || cast(amount as varchar) as formula,
    'upper_part|' || party_id || '|' || policy || '|' || cast(year as varchar) || '|twice'
        as money_key,
    year_from as report_from,
    year_to as report_to,
    title,
    case
        when combined > 0 then '几项政策的返还合计超过上级部分'
        when doubled = 0 then '含已回拨的基层部分'
        when is_across then '两项不得同享的政策'
        else '同一政策重复返还'
    end as reason
from twice
where amount > $tolerance_money_yuan
order by party_id, policy, year

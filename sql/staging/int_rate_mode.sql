-- one row per fee line of the collection list with a rate, lines listed twice once: the collection
-- mode that its rate tells (the whole of fee.rate, or what is left of it after the basic part; null
-- where it is neither)
select
    line.row_id,
    line.party_id,
    case
        when line.rate = policy.fee_rate then '全额代收'
        when
            line.rate = cast(
                policy.fee_rate * cast(1 - policy.fee_basic_share as decimal(18, 6))
                as decimal(18, 6)
            )
            then '部分代收'
    end as mode
from stg_tax_collection as line
inner join ref_policy_day as policy on line.period_from = policy.day
where line.item = '工会经费' and line.rate is not null and not line.is_repeat

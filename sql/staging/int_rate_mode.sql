-- one row per party whose own collection rows tell how its fee is collected: a rate that is the
-- whole of fee.rate, or what is left of it after the basic part; rows that tell different things
-- tell none
with

told as (

    select
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

)

select
    party_id,
    min(mode) as mode
from told
group by party_id
having count(*) = count(mode) and min(mode) = max(mode)

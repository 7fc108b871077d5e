-- one row per month and control account of the preparation fund (its name path says 筹备金)
-- credit is positive; where a parent and its child both match, the parent counts;
-- where rows by counterparty stand beside a total row, the total counts
with

matched as (

    select
        balance.row_id,
        balance.month,
        balance.account_code,
        balance.aux_party,
        case when balance.side = '借' then -balance.closing else balance.closing end as closing,
        max(case when balance.aux_party is null then 1 else 0 end) over (
            partition by balance.month, balance.account_code
        ) as has_total
    from src_gl_balance as balance
    where balance.account_name like '%筹备金%'

),

child as (  -- codes that begin with another matched code of the month

    select distinct
        matched.month,
        matched.account_code
    from matched
    inner join matched as parent
        on
            matched.month = parent.month
            and length(matched.account_code) > length(parent.account_code)
            and substr(matched.account_code, 1, length(parent.account_code))
            = parent.account_code

)

select
    matched.row_id,
    matched.month,
    matched.account_code,
    cast(matched.closing as decimal(18, 2)) as closing
from matched
left join child
    on matched.month = child.month and matched.account_code = child.account_code
where
    child.account_code is null
    and (matched.has_total = 0 or matched.aux_party is null)

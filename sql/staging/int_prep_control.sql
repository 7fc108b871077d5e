-- one row per month and control account of the preparation fund: its name path says 筹备金; where no
-- account does, the rows by party of 其他应付款 (from 2022) or 应付下级经费 (before) of the parties
-- that have preparation money
-- credit is positive; where a parent and its child both match, the parent counts;
-- where rows by counterparty stand beside a total row, the total counts
with

named as (

    select count(*) > 0 as is_named
    from src_gl_balance
    where account_name like '%筹备金%'

),

holder as (

    select distinct by_name.name_key
    from int_prep_held as held
    inner join party_of_name as by_name on held.party_id = by_name.party_id

),

fund_row as (

    select balance.*
    from src_gl_balance as balance
    cross join named
    left join holder on balance.aux_party_key = holder.name_key
    where
        balance.account_name like '%筹备金%'
        or (
            not named.is_named
            and holder.name_key is not null
            and strpos(
                balance.account_name,
                case when balance.month >= date '2022-01-01' then '其他应付' else '应付下级' end
            ) > 0
        )

),

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
    from fund_row as balance

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

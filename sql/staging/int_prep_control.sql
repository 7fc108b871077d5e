-- one row per month and control account of the preparation fund: its name path says 筹备金 and it is
-- no receivable; where no account of that chart does, the rows by party of the account that holds
-- the fund by the chart of the month (其他应付款 from 2022, 应付下级经费 before) of the parties that
-- have preparation money; a sub-account of the party's own name is a row by party
-- credit is positive; where a parent and its child both match, the parent counts;
-- where rows by counterparty stand beside a total row, the total counts
with

placed as (

    select
        balance.*,
        account.starts_on,
        account.holds_prep,
        coalesce(
            balance.aux_party_key, nullif(replace(account.own_name, '/', ''), '')
        ) as holder_key,
        balance.account_name like '%筹备金%'
        and coalesce(account.kind, 'payable') = 'payable' as is_named
    from src_gl_balance as balance
    inner join int_account as account
        on
            balance.account_code = account.account_code
            and balance.account_name = account.account_name
            and balance.month >= account.starts_on
            and balance.month < account.ends_on

),

named as (

    select distinct starts_on
    from placed
    where is_named

),

holder as (

    select distinct by_name.name_key
    from int_prep_held as held
    inner join party_of_name as by_name on held.party_id = by_name.party_id

),

fund_row as (

    select placed.*
    from placed
    left join named on placed.starts_on = named.starts_on
    left join holder on placed.holder_key = holder.name_key
    where
        placed.is_named
        or (named.starts_on is null and holder.name_key is not null and placed.holds_prep)

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

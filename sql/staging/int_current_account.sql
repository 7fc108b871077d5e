-- one row per current account and counterparty: its latest balance by as-of and since when it is
-- unmoved, by the balances and, where they are there, by the entries
-- leaf accounts only; rows by counterparty go before a total row of the same account; the name of
-- an account above counts too, where a leaf has only its own
with

balance as (

    select
        row_id,
        cast(date_trunc('month', month) as date) as month,
        account_code,
        account_name,
        aux_party,
        coalesce(aux_party_key, '') as party_key,
        debit,
        credit,
        closing
    from src_gl_balance
    where last_day(month) <= $as_of

),

named as (

    select distinct
        account_code,
        account_name
    from balance

),

size as (

    select distinct length(account_code) as letters
    from named

),

above as (  -- every beginning of a code that is a code too

    select distinct
        named.account_code,
        substr(named.account_code, 1, size.letters) as upper_code
    from named
    inner join size on length(named.account_code) > size.letters

),

parent as (

    select distinct upper_account.account_code
    from above
    inner join named as upper_account on above.upper_code = upper_account.account_code

),

current_name as (

    select account_code
    from named
    where regexp_matches(account_name, '其他应收|其他应付|应付下级|应付上级|代管经费')

),

current_account as (

    select account_code
    from current_name
    union
    select above.account_code
    from above
    inner join current_name on above.upper_code = current_name.account_code

),

told as (

    select
        balance.*,
        max(case when party_key <> '' then 1 else 0 end) over (
            partition by month, balance.account_code
        ) as has_parties
    from balance
    inner join current_account on balance.account_code = current_account.account_code
    left join parent on balance.account_code = parent.account_code
    where parent.account_code is null

),

leaf as (

    select
        told.*,
        row_number() over (
            partition by account_code, party_key
            order by month desc, row_id desc
        ) as turn
    from told
    where has_parties = 0 or party_key <> ''

),

moved as (

    select
        account_code,
        party_key,
        min(month) as first_month,
        max(case when debit <> 0 or credit <> 0 then month end) as moved_month
    from leaf
    group by account_code, party_key

),

entry as (  -- by counterparty, and '' for the account as a whole

    select
        account_code,
        coalesce(aux_party_key, '') as party_key,
        max(entry_on) as last_on
    from stg_gl_entry
    where amount <> 0 and entry_on <= $as_of
    group by account_code, coalesce(aux_party_key, '')

),

account_entry as (

    select
        account_code,
        max(last_on) as last_on
    from entry
    group by account_code

),

dated as (

    select
        moved.account_code,
        moved.party_key,
        coalesce(last_day(moved.moved_month), moved.first_month) as told_on,
        coalesce(moved.moved_month, moved.first_month) as told_month,
        case when moved.party_key = '' then account_entry.last_on else entry.last_on end as last_on
    from moved
    left join entry
        on moved.account_code = entry.account_code and moved.party_key = entry.party_key
    left join account_entry on moved.account_code = account_entry.account_code

)

select
    leaf.row_id,
    leaf.account_code,
    leaf.account_name,
    leaf.aux_party,
    leaf.party_key,
    by_name.party_id,
    leaf.closing,
    case when dated.last_on >= dated.told_month then dated.last_on else dated.told_on end
        as unmoved_since
from leaf
inner join dated
    on leaf.account_code = dated.account_code and leaf.party_key = dated.party_key
left join party_of_name as by_name on leaf.party_key = by_name.name_key
where leaf.turn = 1

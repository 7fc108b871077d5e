-- one row per current account and counterparty: its balance by as-of and since when it is unmoved
-- leaf accounts only; rows by counterparty go before a total row of the same account
with

current_line as (

    select
        row_id,
        month,
        account_code,
        account_name,
        aux_party,
        debit,
        credit,
        closing,
        max(case when aux_party is not null then 1 else 0 end) over (
            partition by month, account_code
        ) as has_parties
    from src_gl_balance
    where
        (
            account_name like '%其他应收%' or account_name like '%其他应付%'
            or account_name like '%应付下级%' or account_name like '%应付上级%'
            or account_name like '%代管经费%'
        )
        and last_day(month) <= $as_of

),

parent as (  -- codes that another code of the month begins with

    select distinct
        upper_line.month,
        upper_line.account_code
    from current_line as upper_line
    inner join current_line as lower_line
        on
            upper_line.month = lower_line.month
            and length(upper_line.account_code) < length(lower_line.account_code)
            and upper_line.account_code
            = substr(lower_line.account_code, 1, length(upper_line.account_code))

),

leaf as (

    select
        line.row_id,
        line.month,
        line.account_code,
        line.account_name,
        line.aux_party,
        line.debit,
        line.credit,
        line.closing
    from current_line as line
    left join parent
        on line.month = parent.month and line.account_code = parent.account_code
    where
        parent.account_code is null
        and (line.has_parties = 0 or line.aux_party is not null)

),

moved as (

    select
        account_code,
        coalesce(aux_party, '') as party_key,
        min(month) as first_month,
        max(month) as last_month,
        max(case when debit <> 0 or credit <> 0 then month end) as moved_month
    from leaf
    group by account_code, coalesce(aux_party, '')

)

select
    leaf.row_id,
    leaf.account_code,
    leaf.account_name,
    leaf.aux_party,
    moved.party_key,
    leaf.closing,
    coalesce(last_day(moved.moved_month), moved.first_month) as unmoved_since
from leaf
inner join moved
    on
        leaf.account_code = moved.account_code
        and coalesce(leaf.aux_party, '') = moved.party_key
        and leaf.month = moved.last_month

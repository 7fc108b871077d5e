-- accounts of assets and debts with a balance that no name, account above or code tells: code and
-- name; the upper one of those that lie in one another
with

unknown as (

    select distinct
        account.account_code,
        account.account_name
    from src_gl_balance as balance
    inner join int_account as account
        on
            balance.account_code = account.account_code
            and balance.account_name = account.account_name
            and balance.month >= account.starts_on
            and balance.month < account.ends_on
    where
        account.account is null
        and balance.closing <> 0
        and regexp_matches(balance.account_code, '^[12]')

),

below as (

    select distinct low.account_code
    from unknown as low
    inner join unknown as upper_account
        on
            length(low.account_code) > length(upper_account.account_code)
            and substr(low.account_code, 1, length(upper_account.account_code))
            = upper_account.account_code

)

select distinct unknown.account_code || ' ' || unknown.account_name as period
from unknown
left join below on unknown.account_code = below.account_code
where below.account_code is null

-- one row per ledger line of income from the upper level (403 上级补助收入 in both charts)
select
    row_id,
    entry_on as received_on,
    cast(credit as decimal(18, 2)) as amount,
    coalesce(account_name, '') || ' ' || coalesce(summary, '') as words
from stg_gl_entry
where
    credit <> 0
    and (account_code like '403%' or account_name like '上级补助收入%')
    and account_name not like '%支出%'

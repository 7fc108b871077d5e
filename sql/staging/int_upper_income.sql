-- one row per ledger line of income from the upper level (上级补助收入 in the chart of the day)
select
    row_id,
    entry_on as received_on,
    cast(credit as decimal(18, 2)) as amount,
    coalesce(account_name, '') || ' ' || coalesce(summary, '') as words
from stg_gl_entry
where
    credit <> 0
    and account_kind = 'upper_income'

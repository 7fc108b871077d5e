-- ledger lines: one row per source row; amount is signed, debit is positive; account, account_title
-- and account_kind are those of the chart of accounts in force on the day (int_account)
select
    source.row_id,
    source.entry_on,
    source.voucher_no,
    source.line_no,
    source.summary,
    source.account_code,
    source.account_name,
    source.debit,
    source.credit,
    cast(coalesce(source.debit, 0) - coalesce(source.credit, 0) as decimal(18, 2)) as amount,
    by_name.party_id,
    source.aux_party,
    source.aux_party_key,
    source.project,
    account.account,
    account.title as account_title,
    account.kind as account_kind
from src_gl_entry as source
left join int_account as account
    on
        source.account_code = account.account_code
        and source.account_name = account.account_name
        and source.entry_on >= account.starts_on
        and source.entry_on < account.ends_on
left join party_of_name as by_name on source.aux_party_key = by_name.name_key

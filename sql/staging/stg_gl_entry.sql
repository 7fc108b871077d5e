-- ledger lines: one row per source row; amount is signed, debit is positive
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
    source.project
from src_gl_entry as source
left join party_of_name as by_name on source.aux_party_key = by_name.name_key

-- one row per ledger line: what tells it from equal lines, never its row number
select
    entry.row_id,
    entry.entry_on,
    entry.voucher_no,
    coalesce(entry.line_no, 0) as entry_no,
    entry.account_code,
    entry.account_name,
    entry.account_kind,
    entry.amount,
    coalesce(entry.party_id, 'N:' || entry.aux_party_key) as party_id,
    entry.aux_party,
    person.name_key is not null as is_person,
    entry.summary,
    row_number() over (
        partition by
            entry.entry_on, entry.voucher_no, coalesce(entry.line_no, 0), entry.account_code,
            entry.amount
        order by entry.row_id asc
    ) as line_no
from stg_gl_entry as entry
left join int_person_name as person on entry.aux_party_key = person.name_key

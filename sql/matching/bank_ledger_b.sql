-- ledger lines of bank accounts, with the one party that their voucher names, if it names one
-- stated_id: the party that the line states (int_ledger_party)
-- reference: the bank's serial number that the wording names, where it names one
-- is_internal: the bank lines of the voucher cancel out
with

voucher_party as (

    select
        entry_on,
        voucher_no,
        min(coalesce(party_id, 'N:' || aux_party_key)) as party_id
    from stg_gl_entry
    where aux_party_key is not null
    group by entry_on, voucher_no
    having count(distinct coalesce(party_id, 'N:' || aux_party_key)) = 1

),

moved as (  -- vouchers that move money from one bank account to another

    select
        entry_on,
        voucher_no
    from stg_gl_entry
    where account_kind in ('bank', 'quota')
    group by entry_on, voucher_no
    having sum(amount) = 0 and count(*) > 1

),

word as (

    select
        row_id,
        unnest(regexp_extract_all(summary, '[0-9A-Za-z_-]{6,}')) as word
    from stg_gl_entry
    where account_kind in ('bank', 'quota')

),

serial as (

    select distinct serial_no
    from int_bank_line
    where serial_no is not null

),

named as (

    select
        word.row_id,
        min(serial.serial_no) as serial_no
    from word
    inner join serial on word.word = serial.serial_no
    group by word.row_id
    having count(distinct serial.serial_no) = 1

)

select
    entry.row_id as line_id,
    entry.entry_on as day,
    entry.amount,
    voucher_party.party_id,
    stated.party_id as stated_id,
    stated.name_key as party_name,
    named.serial_no as reference,
    entry.summary as text_,
    entry.voucher_no as shared_key,
    nullif(regexp_extract(entry.account_name, '([0-9]{4})[^0-9]*$', 1), '') as account,
    moved.voucher_no is not null as is_internal
from stg_gl_entry as entry
left join voucher_party
    on entry.entry_on = voucher_party.entry_on and entry.voucher_no = voucher_party.voucher_no
left join int_ledger_party as stated on entry.row_id = stated.row_id
left join named on entry.row_id = named.row_id
left join moved on entry.entry_on = moved.entry_on and entry.voucher_no = moved.voucher_no
where entry.account_kind in ('bank', 'quota')

-- one row per normalised name on the bank's or the ledger's lines that reads like a person's:
-- no register knows it
with

named as (

    select party_name_key as name_key
    from stg_bank_txn
    union
    select aux_party_key as name_key
    from stg_gl_entry
    union
    select aux_party_key as name_key
    from src_gl_balance

)

select named.name_key
from named
left join party_of_name as known on named.name_key = known.name_key
where
    known.name_key is null
    and reads_like_person(named.name_key)

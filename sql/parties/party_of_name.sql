-- one row per normalised name that stands for exactly one registered party:
-- current names, former names, names of unions with one employer, names confirmed by the user
with

employer_name as (

    select
        name_key,
        party_id
    from party_canonical
    where name_key is not null
    union all
    select
        former.name_key,
        canonical.party_id
    from src_payer_former as former
    inner join party_canonical as canonical on former.payer_uscc = canonical.code
    union all
    select
        payer_name_key as name_key,
        'N:' || payer_name_key as party_id
    from src_union_org
    where payer_uscc is null and payer_name_key is not null

),

union_name as (  -- only where the union has one employer

    select
        union_org.union_name_key,
        min(canonical.party_id) as party_id
    from src_union_org as union_org
    inner join party_canonical as canonical on union_org.payer_uscc = canonical.code
    group by union_org.union_name_key
    having count(distinct canonical.party_id) = 1

),

candidate as (

    select
        name_key,
        party_id
    from employer_name
    union all
    select
        union_name_key as name_key,
        party_id
    from union_name

),

unique_name as (

    select
        name_key,
        min(party_id) as party_id
    from candidate
    group by name_key
    having count(distinct party_id) = 1

)

select
    coalesce(confirmed.name_key, unique_name.name_key) as name_key,
    coalesce(confirmed.party_id, unique_name.party_id) as party_id
from unique_name
full outer join src_alias as confirmed on unique_name.name_key = confirmed.name_key

-- one row per party: its name for people and whether a register knows it
with

named as (

    select
        party_id,
        name,
        1 as source_rank
    from party_canonical
    where code = party_id
    union all
    select
        party_id,
        name,
        2 as source_rank
    from party_canonical
    where code <> party_id
    union all
    select
        party_id,
        name,
        case resolved_by when 'unresolved' then 4 else 3 end as source_rank
    from party_of_mention

)

select
    party_id,
    case when party_id like 'N:%' then null else party_id end as party_code,
    coalesce(name, party_id) as party_name,
    source_rank < 4 as is_registered
from named
qualify row_number() over (
    partition by party_id
    order by source_rank asc, name is null asc, coalesce(name, '') asc
) = 1

-- one row per registered code: the party it stands for
-- a shorter code stands for the one 18-character code that holds the same organisation code
with

full_code as (  -- organisation codes that one 18-character code holds

    select
        org_code,
        min(code) as code
    from party_registered
    where length(code) = 18
    group by org_code
    having count(*) = 1

)

select
    registered.code,
    registered.name,
    registered.name_key,
    registered.org_code,
    case
        when length(registered.code) = 18 then registered.code
        else coalesce(full_code.code, registered.code)
    end as party_id
from party_registered as registered
left join full_code on registered.org_code = full_code.org_code

-- one row per registered code: the party it stands for
-- a shorter code stands for the one 18-character code that holds the same organisation code
with

listed as (  -- the payer register wins over the union register

    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key,
        1 as source_rank
    from src_payer
    where payer_uscc is not null
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key,
        2 as source_rank
    from src_union_org
    where payer_uscc is not null

),

registered as (  -- one row per employer code of the payer register or the union register
    -- org_code is the 9-character organisation code inside the code

    select
        code,
        name,
        name_key,
        case length(code)
            when 18 then substr(code, 9, 9)
            when 9 then code
            when 15 then substr(code, 7, 9)
        end as org_code
    from listed
    qualify row_number() over (
        partition by code
        order by source_rank asc, coalesce(name, '') asc
    ) = 1

),

full_code as (  -- organisation codes that one 18-character code holds

    select
        org_code,
        min(code) as code
    from registered
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
from registered as registered
left join full_code on registered.org_code = full_code.org_code

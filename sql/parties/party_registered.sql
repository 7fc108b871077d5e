-- one row per employer code of the payer register or the union register
-- org_code is the 9-character organisation code inside the code
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

)

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

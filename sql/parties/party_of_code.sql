-- one row per code that is known to stand for one party: registered employer codes,
-- union codes (81...) of unions with one employer, codes that hold a registered organisation code
with

union_code as (  -- the bridge between a union's code and its employer's

    select
        union_org.union_uscc as code,
        min(canonical.party_id) as party_id
    from src_union_org as union_org
    inner join party_canonical as canonical on union_org.payer_uscc = canonical.code
    where union_org.union_uscc is not null
    group by union_org.union_uscc
    having count(distinct canonical.party_id) = 1

),

org_code as (  -- organisation codes that stand for one party

    select
        org_code,
        min(party_id) as party_id
    from party_canonical
    where org_code is not null
    group by org_code
    having count(distinct party_id) = 1

),

mentioned as (

    select distinct
        code_key as code,
        case length(code_key)
            when 18 then substr(code_key, 9, 9)
            when 9 then code_key
            when 15 then substr(code_key, 7, 9)
        end as org_code
    from party_mention
    where code_key <> ''

)

select
    mentioned.code,
    coalesce(canonical.party_id, union_code.party_id, org_code.party_id) as party_id
from mentioned
left join party_canonical as canonical on mentioned.code = canonical.code
left join union_code on mentioned.code = union_code.code
left join org_code on mentioned.org_code = org_code.org_code
where coalesce(canonical.party_id, union_code.party_id, org_code.party_id) is not null

-- one row per pair of code and name: the party it stands for; by code, else by name, else itself
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

),

of_code as (  -- codes known to stand for one party: registered employer codes, union codes (81...)
    -- of unions with one employer, codes that hold a registered organisation code

    select
        mentioned.code,
        coalesce(canonical.party_id, union_code.party_id, org_code.party_id) as party_id
    from mentioned
    left join party_canonical as canonical on mentioned.code = canonical.code
    left join union_code on mentioned.code = union_code.code
    left join org_code on mentioned.org_code = org_code.org_code
    where coalesce(canonical.party_id, union_code.party_id, org_code.party_id) is not null

)

select
    mention.code_key,
    mention.name_key,
    coalesce(
        by_code.party_id,
        by_name.party_id,
        nullif(mention.code_key, ''),
        'N:' || mention.name_key
    ) as party_id,
    case
        when by_code.party_id is not null then 'code'
        when by_name.party_id is not null then 'name'
        else 'unresolved'
    end as resolved_by,
    mention.name,
    mention.mentions
from party_mention as mention
left join of_code as by_code on mention.code_key = by_code.code
left join party_of_name as by_name on mention.name_key = by_name.name_key

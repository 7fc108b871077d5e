-- one row per pair of code and name: the party it stands for; by code, else by name, else itself
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
left join party_of_code as by_code on mention.code_key = by_code.code
left join party_of_name as by_name on mention.name_key = by_name.name_key

-- names that no register knows and that may be cut off: one row per name and pairing
-- a name that both sides have is whole; one cut within 有限责任公司 is compared as 有限公司 is
with

one_sided as (

    select
        pairing_no,
        stated_id as party_id,
        coalesce(given_name, substr(stated_id, 3)) as party_name
    from match_input
    where stated_id like 'N:%'
    group by pairing_no, stated_id, coalesce(given_name, substr(stated_id, 3))
    having min(side) = max(side)

)

select
    pairing_no,
    party_id,
    regexp_replace(party_name, '有限责(任公?)?$', '有限') as party_name
from one_sided
where length(party_name) >= 6

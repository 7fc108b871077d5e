-- one row per union: a joint union stands in the register once per employer
-- a fact counts as given when one of its rows gives it; the election is the latest one;
-- a union is dissolved when all its rows are
with

elected as (

    select
        union_key,
        max(elected_on) as elected_on
    from int_union_row
    group by union_key

)

select
    listed.union_key,
    min(listed.union_name) as union_name,
    min(listed.union_uscc) as union_uscc,
    case
        when count(distinct listed.party_id) = 1 then min(listed.party_id)
        else listed.union_key
    end as party_id,
    bool_and(listed.covered_by_parent) as is_covered,
    min(listed.founded_on) as founded_on,
    case
        when count(listed.dissolved_on) = count(*) then max(listed.dissolved_on)
    end as dissolved_on,
    min(elected.elected_on) as elected_on,
    max(case when listed.elected_on = elected.elected_on then listed.term_years end)
        as term_years,
    max(listed.extended_to) as extended_to,
    max(listed.chair) as chair,
    max(listed.address) as address,
    max(listed.phone) as phone
from int_union_row as listed
inner join elected on listed.union_key = elected.union_key
group by listed.union_key

-- one row per payer and word by which a published rate may name its scope ('' = the whole area)
select
    party_id,
    opened_on,
    cancelled_on,
    '' as scope_word
from int_payer
union
select
    party_id,
    opened_on,
    cancelled_on,
    region as scope_word
from int_payer
where region is not null
union
select
    party_id,
    opened_on,
    cancelled_on,
    industry as scope_word
from int_payer
where industry is not null
union
select
    party_id,
    opened_on,
    cancelled_on,
    payer_class as scope_word
from int_payer
where payer_class is not null
union
select
    party_id,
    opened_on,
    cancelled_on,
    system_class as scope_word
from int_payer
where system_class is not null

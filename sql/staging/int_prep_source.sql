-- the source rows behind a party's preparation money: opening, payments, returns, union, register
select
    party_id,
    row_id
from int_prep_opening
union all
select
    party_id,
    row_id
from int_prep_start
union all
select
    party_id,
    row_id
from int_prep_return
union all
select
    party_id,
    row_id
from int_party_union

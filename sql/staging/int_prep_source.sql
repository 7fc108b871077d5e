-- the source rows behind a party's preparation money: opening, what was
-- paid, taken back and given back after its day, union
select
    party_id,
    row_id
from int_prep_opening
union all
select
    start.party_id,
    start.row_id
from int_prep_start as start
inner join int_payment as payment on start.row_id = payment.row_id
left join int_prep_opening as opening on start.party_id = opening.party_id
where opening.opening_on is null or payment.treasury_on > opening.opening_on
union all
select
    party_id,
    row_id
from int_prep_taken_back
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

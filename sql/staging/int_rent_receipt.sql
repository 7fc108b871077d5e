-- one row per rent receipt: the instalment it names (before
-- the lease begins: the first), or none
-- a receipt for days after the lease's end belongs to the holdover
with

placed as (

    select
        receipt.row_id,
        receipt.lease_no,
        receipt.received_on,
        receipt.amount,
        instalment.due_on,
        coalesce(receipt.covers_from > lease.ends_on, false) as is_holdover,
        row_number() over (
            partition by receipt.row_id
            order by instalment.due_on asc
        ) as turn
    from src_lease_receipt as receipt
    inner join stg_lease as lease on receipt.lease_no = lease.lease_no
    left join int_rent_due as instalment
        on
            receipt.lease_no = instalment.lease_no
            and receipt.covers_from <= instalment.covers_to

)

select
    row_id,
    lease_no,
    received_on,
    amount,
    due_on,
    is_holdover
from placed
where turn = 1

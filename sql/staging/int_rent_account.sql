-- one row per lease: instalments past their grace days, what was received for them, what is open,
-- and what is left over for a holdover when all instalments, overdue or not, are met; money above
-- a named instalment serves the oldest open one
with

named as (  -- receipts that name an instalment

    select
        lease_no,
        due_on,
        sum(amount) as received
    from int_rent_receipt
    group by lease_no, due_on

),

per_cycle as (

    select
        instalment.lease_no,
        instalment.due,
        instalment.is_overdue,
        coalesce(named.received, 0) as received
    from int_rent_due as instalment
    left join named
        on instalment.lease_no = named.lease_no and instalment.due_on = named.due_on

),

per_lease as (

    select
        lease_no,
        sum(case when is_overdue then due else 0 end) as due,
        sum(case when is_overdue then greatest(due - received, 0) else 0 end) as overdue,
        sum(greatest(due - received, 0)) as unmet,
        sum(greatest(received - due, 0)) as above
    from per_cycle
    group by lease_no

),

loose as (  -- receipts that name no instalment

    select
        lease_no,
        sum(case when due_on is null and not is_holdover then amount else 0 end) as unnamed,
        sum(case when is_holdover then amount else 0 end) as for_holdover,
        sum(amount) as received
    from int_rent_receipt
    group by lease_no

),

account as (

    select
        lease.lease_no,
        lease.relief,
        per_lease.due,
        per_lease.overdue,
        per_lease.unmet,
        coalesce(per_lease.above, 0) + coalesce(loose.unnamed, 0) as spare,
        coalesce(loose.for_holdover, 0) as for_holdover,
        coalesce(loose.received, 0) as received
    from stg_lease as lease
    left join per_lease on lease.lease_no = per_lease.lease_no
    left join loose on lease.lease_no = loose.lease_no

)

select
    lease_no,
    cast(due as decimal(18, 2)) as due,
    cast(received as decimal(18, 2)) as received,
    cast(greatest(overdue - relief - spare, 0) as decimal(18, 2)) as open_yuan,
    cast(
        for_holdover + greatest(spare - greatest(unmet - relief, 0), 0) as decimal(18, 2)
    ) as left_over
from account

-- rent received, with the tenant of the lease
with

tenant as (

    select
        lease_no,
        min(tenant_key) as tenant_key
    from src_lease
    group by lease_no

)

select
    receipt.row_id as line_id,
    receipt.received_on as day,
    receipt.amount,
    coalesce(by_name.party_id, 'N:' || tenant.tenant_key) as party_id,
    tenant.tenant_key as party_name,
    cast(null as varchar) as reference,
    receipt.lease_no as text_,
    cast(null as varchar) as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from src_lease_receipt as receipt
left join tenant on receipt.lease_no = tenant.lease_no
left join party_of_name as by_name on tenant.tenant_key = by_name.name_key

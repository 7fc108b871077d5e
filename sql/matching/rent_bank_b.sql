-- bank money in that may be rent: from a tenant, or its wording says so
with

tenant as (

    select distinct coalesce(by_name.party_id, 'N:' || lease.tenant_key) as party_id
    from src_lease as lease
    left join party_of_name as by_name on lease.tenant_key = by_name.name_key

)

select
    bank.row_id as line_id,
    bank.posted_on as day,
    bank.amount,
    bank.party_id,
    bank.party_name_key as party_name,
    bank.stated_id,
    cast(null as varchar) as reference,
    bank.said as text_,
    cast(null as varchar) as shared_key,
    bank.account,
    bank.is_internal
from int_bank_line as bank
left join tenant on bank.party_id = tenant.party_id
where
    bank.amount > 0
    and (tenant.party_id is not null or regexp_matches(bank.said, '租金|房租|租赁|承租'))

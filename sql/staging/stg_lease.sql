-- leases: one row per contract (a number listed twice counts once), with the tenant's party
select
    source.row_id,
    source.lease_no,
    source.asset_no,
    coalesce(by_name.party_id, 'N:' || source.tenant_key) as party_id,
    source.tenant,
    source.tenant_key,
    source.area_sqm,
    source.starts_on,
    source.ends_on,
    source.annual_rent,
    case when source.pay_months > 0 then source.pay_months else 12 end as pay_months,
    source.deposit,
    source.tender,
    source.appraisal,
    source.approval_no,
    source.handed_back_on,
    coalesce(source.relief, 0) as relief,
    coalesce(source.deposit_returned, 0) as deposit_returned
from src_lease as source
left join party_of_name as by_name on source.tenant_key = by_name.name_key
qualify row_number() over (
    partition by source.lease_no
    order by source.row_id asc
) = 1

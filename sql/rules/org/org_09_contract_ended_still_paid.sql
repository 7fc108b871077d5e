-- ORG-09 contract-ended-still-paid
-- grain: one row per person_key
select
    contract.person_key,
    contract.person_key as party_id,
    contract.name as party_name,
    cast(null as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    contract.name,
    contract.id_no,
    contract.starts_on,
    contract.ends_on,
    period_text(contract.last_paid_month, contract.last_paid_month) as last_paid_month,
    contract.appraisal,
    date_diff('day', contract.ends_on, $as_of) as days_ended
from int_labour_contract as contract
left join int_retired as retired on contract.person_key = retired.id_token
where
    contract.ends_on < $as_of
    and contract.last_paid_month > contract.ends_on
    and (
        retired.id_token is null
        or (not retired.is_undated and retired.retired_on > contract.last_paid_month)
    )
order by contract.person_key

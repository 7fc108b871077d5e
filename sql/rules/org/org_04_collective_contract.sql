-- ORG-04 collective-contract
-- grain: one row per party_id, kind, signed_on, ends_on and reason
with

asked as (  -- does any file give filing days at all

    select count(*) > 0 as is_asked
    from ref_given_column
    where table_name || '.' || column_name = 'collective_contract.filed_on'

),

contract as (  -- contracts signed by the as-of day; the one that ends last is in force

    select
        contract.party_id,
        contract.kind,
        contract.signed_on,
        contract.ends_on,
        min(contract.filed_on) as filed_on
    from stg_collective_contract as contract
    where contract.signed_on <= $as_of
    group by contract.party_id, contract.kind, contract.signed_on, contract.ends_on

),

judged as (

    select
        contract.*,
        contract.ends_on
        = max(contract.ends_on) over (partition by contract.party_id, contract.kind)
        and (payer.cancelled_on is null or payer.cancelled_on > $as_of) as is_last,
        date_diff('day', $as_of, contract.ends_on) as days_left,
        by_now.org_contract_warning_days as warning_days,
        by_signing.org_filing_days as filing_days,
        add_days(contract.signed_on, by_signing.org_filing_days) as file_by,
        coalesce(contract.filed_on, case when asked.is_asked then $as_of end) as filed_or_now
    from contract
    cross join asked
    inner join ref_policy_day as by_now on by_now.day = $as_of
    left join ref_policy_day as by_signing on contract.signed_on = by_signing.day
    left join int_payer as payer on contract.party_id = payer.party_id

),

reasoned as (

    select
        judged.*,
        case when days_left < 0 then '已到期未续签' else '即将到期' end as reason,
        case when days_left < 0 then 'medium' else 'lead' end as severity,
        abs(days_left) as days
    from judged
    where is_last and days_left <= warning_days
    union all
    select
        judged.*,
        case when filed_on is null then '未备案' else '备案超期' end as reason,
        'low' as severity,
        date_diff('day', file_by, filed_or_now) as days
    from judged
    where filed_or_now > file_by

)

select
    party_id,
    kind,
    signed_on,
    ends_on,
    reason,
    severity,
    cast(null as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    case when reason = '即将到期' then $as_of end as warned_on,
    case when reason in ('未备案', '备案超期') then signed_on end as filing_from,
    filed_on,
    days
from reasoned
order by party_id, kind, signed_on, ends_on, reason

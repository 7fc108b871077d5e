-- SME-09 class-contradicted
-- grain: one row per party_id, policy and year
select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    'verify' as direction,
    amount,
    cast(null as decimal(18, 2)) as expected,
    amount as actual,
    cast(null as varchar) as formula,
    'upper_part|' || party_id || '|' || policy || '|' || cast(year as varchar) as money_key,
    year_from as report_from,
    year_to as report_to,
    window_from,
    given_class,
    computed_class,
    reason
from int_refund_class
where reason is not null and amount > 0
order by party_id, policy, year;

select
    found.exception_no,
    refund.row_id
from found
inner join int_refund_line as refund
    on
        found.party_id = refund.party_id
        and found.policy = refund.policy
        and found.year = refund.year
union all
select
    found.exception_no,
    size_class.payer_row_id as row_id
from found
inner join int_size_class as size_class
    on found.party_id = size_class.party_id and found.year = size_class.year
union all
select
    found.exception_no,
    size_class.year_row_id as row_id
from found
inner join int_size_class as size_class
    on found.party_id = size_class.party_id and found.year = size_class.year

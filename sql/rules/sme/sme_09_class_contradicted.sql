-- SME-09 class-contradicted
-- grain: one row per party_id, policy and year
with

refunded as (

    select
        party_id,
        policy,
        year,
        sum(amount) as amount
    from int_refund_line
    where is_in_window
    group by party_id, policy, year

),

judged as (

    select
        refunded.party_id,
        refunded.policy,
        refunded.year,
        refunded.amount,
        size_class.given_class,
        size_class.computed_class,
        case
            when size_class.given_class <> size_class.computed_class then '划型与计算不符'
            when basis.is_by_size and size_class.computed_class is null then '缺少划型数据'
            when basis.is_unknown then '缺少资格依据'
        end as reason
    from refunded
    inner join int_refund_basis as basis
        on
            refunded.party_id = basis.party_id
            and refunded.policy = basis.policy
            and refunded.year = basis.year
    left join int_size_class as size_class
        on refunded.party_id = size_class.party_id and refunded.year = size_class.year

)

select
    judged.party_id,
    judged.policy,
    judged.year,
    cast(judged.year as varchar) as period,
    'verify' as direction,
    cast(judged.amount as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(judged.amount as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    'upper_part|' || judged.party_id || '|' || judged.policy || '|'
    || cast(judged.year as varchar) as money_key,
    policy_year.year_from as report_from,
    policy_year.year_to as report_to,
    policy_year.window_from,
    judged.given_class,
    judged.computed_class,
    judged.reason
from judged
inner join ref_refund_year as policy_year
    on judged.policy = policy_year.policy and judged.year = policy_year.year
where judged.reason is not null and judged.amount > 0
order by judged.party_id, judged.policy, judged.year;

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

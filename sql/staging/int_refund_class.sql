-- one row per party, refund policy and policy year with refunds: the given and the computed size
-- class, and what is wrong with the proof of its class or other basis (null: nothing)
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

)

select
    refunded.party_id,
    refunded.policy,
    refunded.year,
    cast(refunded.amount as decimal(18, 2)) as amount,
    policy_year.year_from,
    policy_year.year_to,
    policy_year.window_from,
    size_class.given_class,
    size_class.computed_class,
    case
        when size_class.given_class <> size_class.computed_class then '划型与计算不符'
        when basis.is_by_size and size_class.computed_class is null then '缺少划型数据'
        when basis.is_unknown then '缺少资格依据'
    end as reason
from refunded
inner join ref_refund_year as policy_year
    on refunded.policy = policy_year.policy and refunded.year = policy_year.year
inner join int_refund_basis as basis
    on
        refunded.party_id = basis.party_id
        and refunded.policy = basis.policy
        and refunded.year = basis.year
left join int_size_class as size_class
    on refunded.party_id = size_class.party_id and refunded.year = size_class.year

-- one row per party, refund policy and policy year with payments in the window or refunds: what of
-- its payments is refundable by the basis in force on the day that counts
-- a basis with a rival that says otherwise is contradicted: which one holds is local; the rival's
-- class is the computed or the given one
-- met_amount: the basis is met, or the given size class says so against the computed one;
-- open_amount: also where nothing says whether it is met; due_amount: of met_amount, what had to
-- be paid out before the as-of day, or has no such day
with

refunded as (

    select distinct
        party_id,
        policy,
        year
    from int_refund_line
    where is_in_window

),

part as (  -- payments by the basis of their day and the day by which they are paid out

    select
        payment.party_id,
        payment.policy,
        payment.year,
        basis.basis,
        basis.rival,
        coalesce(batch.pay_by, policy_year.pay_by) as pay_by,
        sum(payment.amount) as amount
    from int_refund_row as payment
    inner join ref_refund_year as policy_year
        on payment.policy = policy_year.policy and payment.year = policy_year.year
    inner join ref_refund_basis as basis
        on
            payment.policy = basis.policy
            and payment.anchor_on >= basis.starts_on
            and payment.anchor_on < basis.ends_on
    left join ref_refund_batch as batch
        on
            payment.policy = batch.policy
            and payment.year = batch.year
            and payment.anchor_on between batch.anchor_from and batch.anchor_to
    where payment.is_in_window
    group by
        payment.party_id, payment.policy, payment.year, basis.basis, basis.rival,
        coalesce(batch.pay_by, policy_year.pay_by)
    union all  -- refunds without any payment
    select
        refunded.party_id,
        refunded.policy,
        refunded.year,
        basis.basis,
        basis.rival,
        policy_year.pay_by,
        cast(0 as decimal(18, 2)) as amount
    from refunded
    inner join ref_refund_year as policy_year
        on refunded.policy = policy_year.policy and refunded.year = policy_year.year
    inner join ref_refund_basis as basis
        on
            refunded.policy = basis.policy
            and policy_year.window_from >= basis.starts_on
            and policy_year.window_from < basis.ends_on
    left join int_refund_row as payment
        on
            refunded.party_id = payment.party_id
            and refunded.policy = payment.policy
            and refunded.year = payment.year
            and payment.is_in_window
    where payment.row_id is null

),

listing as (  -- policies and years for which somebody is listed

    select distinct
        policy.policy,
        yearly.year,
        yearly.party_id
    from stg_payer_year as yearly
    inner join ref_refund_policy as policy
        on
            concat(',', translate(yearly.listed_for, '、；;，｜| ', ',,,,,,,'), ',')
            like concat('%,', policy.policy, ',%')

),

listed_year as (

    select distinct
        policy,
        year
    from listing

),

stated as (

    select
        part.*,
        case
            when part.basis = 'small_amount' then '符合'
            when part.basis in ('listed', 'platform_list')
                then
                    case
                        when listing.party_id is not null then '符合'
                        when listed_year.policy is not null then '不符合'
                        else '不明'
                    end
            when part.basis = 'vat_smallscale_150k'
                then
                    case
                        when
                            (
                                not size_class.vat_small_scale
                                or size_class.monthly_sales > terms.sme_vat_sales_yuan
                            )
                            and part.rival in ('miit300', 'nbs2017')
                            and (
                                size_class.computed_class in ('小型', '微型')
                                or size_class.given_class in ('小型', '微型')
                            )
                            then '矛盾'
                        when
                            not size_class.vat_small_scale
                            or size_class.monthly_sales > terms.sme_vat_sales_yuan
                            then '不符合'
                        when
                            size_class.vat_small_scale
                            and size_class.monthly_sales is not null
                            and part.rival in ('miit300', 'nbs2017')
                            and (
                                size_class.computed_class not in ('小型', '微型')
                                or size_class.given_class not in ('小型', '微型')
                            )
                            then '矛盾'
                        when size_class.vat_small_scale and size_class.monthly_sales is not null
                            then '符合'
                        else '不明'
                    end
            when part.basis = 'cit_small_profit'
                then
                    case
                        when
                            size_class.taxable_income > terms.sme_profit_income_yuan
                            or size_class.headcount > terms.sme_profit_headcount
                            or size_class.assets_wan > terms.sme_profit_assets_wan
                            then '不符合'
                        when
                            size_class.taxable_income is not null
                            and size_class.headcount is not null
                            and size_class.assets_wan is not null
                            then '符合'
                        else '不明'
                    end
            when coalesce(size_class.computed_class, size_class.given_class) is null then '不明'
            when
                (size_class.computed_class in ('小型', '微型'))
                <> (size_class.given_class in ('小型', '微型'))
                then '矛盾'
            when coalesce(size_class.computed_class, size_class.given_class) in ('小型', '微型')
                then '符合'
            else '不符合'
        end as state
    from part
    inner join ref_refund_year as policy_year
        on part.policy = policy_year.policy and part.year = policy_year.year
    inner join ref_policy_day as terms on policy_year.window_from = terms.day
    left join int_size_class as size_class
        on part.party_id = size_class.party_id and part.year = size_class.year
    left join listing
        on
            part.party_id = listing.party_id
            and part.policy = listing.policy
            and part.year = listing.year
    left join listed_year on part.policy = listed_year.policy and part.year = listed_year.year

)

select
    party_id,
    policy,
    year,
    max(basis) as basis,
    bool_and(state = '不符合') as is_unmet,
    bool_or(state = '矛盾') as is_contradicted,
    bool_or(state = '不明') as is_unknown,
    bool_or(state = '不明' and basis in ('miit300', 'nbs2017')) as is_size_unknown,
    bool_or(basis in ('miit300', 'nbs2017')) as is_by_size,
    cast(sum(case when state in ('符合', '矛盾') then amount else 0 end) as decimal(18, 2))
        as met_amount,
    cast(sum(case when state <> '不符合' then amount else 0 end) as decimal(18, 2))
        as open_amount,
    cast(
        sum(
            case
                when state in ('符合', '矛盾') and (pay_by is null or pay_by < $as_of) then amount
                else 0
            end
        ) as decimal(18, 2)
    ) as due_amount
from stated
group by party_id, policy, year

-- preparation payments made in the window of a policy that gives small firms the whole back
-- (prep.whole_policies), by what the size of the payer was in that year: 小微, 不是, 不明
-- a row that takes back part of a payment goes with the latest payment of its period before it
with

made as (

    select
        row_id,
        party_id,
        coalesce(
            case
                when paid < 0
                    then
                        max(case when paid > 0 then coalesce(paid_on, treasury_on) end) over (
                            partition by party_id, period_from, period_to
                            order by treasury_on asc, paid desc, row_id asc
                            rows between unbounded preceding and current row
                        )
            end,
            paid_on,
            treasury_on
        ) as made_on
    from int_payment
    where item = '建会筹备金'

),

placed as (  -- the policy year in which a payment was made, and by what size was judged on that day

    select
        payment.row_id,
        payment.party_id,
        basis.basis,
        basis.rival,
        year(payment.made_on) as paid_year,
        terms.sme_vat_sales_yuan as sales_limit
    from made as payment
    inner join ref_policy_day as terms on payment.made_on = terms.day
    inner join ref_policy_item as whole
        on
            whole.name = 'prep.whole_policies'
            and terms.day >= whole.starts_on
            and terms.day < whole.ends_on
    inner join ref_refund_policy as policy on whole.item_text = policy.policy
    inner join ref_refund_basis as basis
        on
            policy.policy = basis.policy
            and terms.day >= basis.starts_on
            and terms.day < basis.ends_on
    where terms.day between policy.window_from and policy.window_to

),

judged as (

    select
        placed.*,
        case
            when size_class.computed_class is null then size_class.given_class
            when
                (size_class.computed_class in ('小型', '微型'))
                = coalesce(
                    size_class.given_class in ('小型', '微型'),
                    size_class.computed_class in ('小型', '微型')
                )
                then size_class.computed_class
        end in ('小型', '微型') as is_small_by_size,
        size_class.vat_small_scale
        and size_class.monthly_sales <= placed.sales_limit as is_small_by_sales
    from placed
    left join int_size_class as size_class
        on placed.party_id = size_class.party_id and placed.paid_year = size_class.year

)

select
    row_id,
    party_id,
    case
        when basis in ('miit300', 'nbs2017') and is_small_by_size then '小微'
        when basis in ('miit300', 'nbs2017') and not is_small_by_size then '不是'
        when
            basis = 'vat_smallscale_150k'
            and is_small_by_sales
            and (rival is null or coalesce(is_small_by_size, true))
            then '小微'
        when
            basis = 'vat_smallscale_150k'
            and not is_small_by_sales
            and (rival is null or not coalesce(is_small_by_size, false))
            then '不是'
        else '不明'
    end as size_then
from judged

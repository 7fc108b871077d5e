-- one row per refund in the window: the day by which it had to be paid, of the batch that holds the
-- last of its payments (of its period where there are none), else of the policy year
with

counted as (  -- the last day that counts among the payments of a refund's period

    select
        refund.row_id,
        max(payment.anchor_on) as anchor_on
    from int_refund_line as refund
    inner join int_refund_row as payment
        on
            refund.party_id = payment.party_id
            and refund.policy = payment.policy
            and refund.year = payment.year
            and refund.period_from <= payment.period_from
            and refund.period_to >= payment.period_to
    where payment.is_in_window
    group by refund.row_id

)

select
    refund.row_id,
    refund.party_id,
    refund.policy,
    refund.year,
    refund.paid_on,
    coalesce(batch.pay_by, policy_year.pay_by) as pay_by,
    policy_year.year_from,
    policy_year.year_to,
    policy.title
from int_refund_line as refund
inner join ref_refund_year as policy_year
    on refund.policy = policy_year.policy and refund.year = policy_year.year
inner join ref_refund_policy as policy on refund.policy = policy.policy
left join counted on refund.row_id = counted.row_id
left join ref_refund_batch as batch
    on
        refund.policy = batch.policy
        and refund.year = batch.year
        and coalesce(counted.anchor_on, refund.period_to)
        between batch.anchor_from and batch.anchor_to
where refund.is_in_window and refund.amount > 0

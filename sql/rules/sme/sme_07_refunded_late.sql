-- SME-07 refunded-late
-- grain: one row per party_id, policy and year
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

),

due as (

    select
        refund.row_id,
        refund.party_id,
        refund.policy,
        refund.year,
        refund.paid_on,
        coalesce(batch.pay_by, policy_year.pay_by) as pay_by,
        policy_year.year_from,
        policy_year.year_to
    from int_refund_line as refund
    inner join ref_refund_year as policy_year
        on refund.policy = policy_year.policy and refund.year = policy_year.year
    left join counted on refund.row_id = counted.row_id
    left join ref_refund_batch as batch
        on
            refund.policy = batch.policy
            and refund.year = batch.year
            and coalesce(counted.anchor_on, refund.period_to)
            between batch.anchor_from and batch.anchor_to
    where refund.is_in_window and refund.amount > 0

)

select
    due.party_id,
    due.policy,
    due.year,
    cast(due.year as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    min(due.year_from) as report_from,
    max(due.year_to) as report_to,
    min(policy.title) as title,
    max(due.paid_on) as paid_on,
    max(due.pay_by) as pay_by,
    max(date_diff('day', due.pay_by, due.paid_on)) as days_late
from due
inner join ref_refund_policy as policy on due.policy = policy.policy
where due.paid_on > due.pay_by
group by due.party_id, due.policy, due.year
order by due.party_id, due.policy, due.year;

select
    found.exception_no,
    refund.row_id
from found
inner join int_refund_line as refund
    on
        found.party_id = refund.party_id
        and found.policy = refund.policy
        and found.year = refund.year

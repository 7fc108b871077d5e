-- SME-04 outside-window
-- grain: one row per party_id, policy and year
select
    split.party_id,
    split.policy,
    split.year,
    cast(split.year as varchar) as period,
    case when split.is_doubtful or split.is_outside_doubted then 'verify' else 'recover' end
        as direction,
    split.outside as amount,
    cast(0 as decimal(18, 2)) as expected,
    split.outside as actual,
    case
        when split.refunded = split.outside then ''
        else
            cast(split.refunded as varchar) || '−'
            || cast(cast(split.refunded - split.outside as decimal(18, 2)) as varchar) || '='
    end
    || cast(split.outside as varchar) as formula,
    'upper_part|' || split.party_id || '|' || split.policy || '|'
    || cast(split.year as varchar) || '|outside' as money_key,
    make_date(split.year, 1, 1) as report_from,
    make_date(split.year, 12, 31) as report_to,
    coalesce(policy.title, '没有适用的政策') as title,
    policy.window_from,
    policy.window_to
from int_refund_split as split
left join ref_refund_policy as policy on split.policy = policy.policy
where split.outside > $tolerance_money_yuan
order by split.party_id, split.policy, split.year;

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
    payment.row_id
from found
inner join int_refund_line as refund
    on
        found.party_id = refund.party_id
        and found.policy = refund.policy
        and found.year = refund.year
inner join int_payment as payment
    on
        refund.party_id = payment.party_id
        and refund.period_from <= payment.period_from
        and refund.period_to >= payment.period_to
where payment.item = '工会经费'

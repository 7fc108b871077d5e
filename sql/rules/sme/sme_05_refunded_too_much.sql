-- SME-05 refunded-too-much
-- grain: one row per party_id, policy and year
select
    split.party_id,
    split.policy,
    split.year,
    cast(split.year as varchar) as period,
    case when split.is_doubtful or split.has_preparation then 'verify' else 'recover' end
        as direction,
    split.over_paid as amount,
    split.refundable as expected,
    cast(split.refundable + split.over_paid as decimal(18, 2)) as actual,
    cast(cast(split.refundable + split.over_paid as decimal(18, 2)) as varchar) || '−'
    || case
        when entitled.cap < entitled.upper_part
            then
                'min(' || cast(entitled.cap as varchar) || ','
                || cast(entitled.upper_part as varchar) || ')'
        else cast(split.refundable as varchar)
    end
    || '=' || cast(split.over_paid as varchar) as formula,
    'upper_part|' || split.party_id || '|' || split.policy || '|'
    || cast(split.year as varchar) as money_key,
    entitled.year_from as report_from,
    entitled.year_to as report_to,
    entitled.title,
    entitled.upper_part,
    entitled.cap
from int_refund_split as split
inner join int_refund_entitled as entitled
    on
        split.party_id = entitled.party_id
        and split.policy = entitled.policy
        and split.year = entitled.year
where split.over_paid > $tolerance_money_yuan
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
inner join int_refund_row as payment
    on
        found.party_id = payment.party_id
        and found.policy = payment.policy
        and found.year = payment.year
where payment.is_in_window

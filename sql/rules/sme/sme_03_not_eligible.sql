-- SME-03 not-eligible
-- grain: one row per party_id, policy and year
select
    split.party_id,
    split.policy,
    split.year,
    cast(split.year as varchar) as period,
    case
        when split.is_surely_ineligible and not split.is_doubtful then 'recover'
        else 'verify'
    end as direction,
    split.ineligible as amount,
    cast(0 as decimal(18, 2)) as expected,
    split.ineligible as actual,
    cast(split.refunded as varchar)
    || case
        when split.refunded <> split.ineligible
            then '−' || cast(cast(split.refunded - split.ineligible as decimal(18, 2)) as varchar)
        else ''
    end
    || '=' || cast(split.ineligible as varchar) as formula,
    'upper_part|' || split.party_id || '|' || split.policy || '|'
    || cast(split.year as varchar) as money_key,
    entitled.year_from as report_from,
    entitled.year_to as report_to,
    entitled.window_from,
    entitled.title,
    entitled.reasons,
    entitled.upper_part
from int_refund_split as split
inner join int_refund_entitled as entitled
    on
        split.party_id = entitled.party_id
        and split.policy = entitled.policy
        and split.year = entitled.year
where split.ineligible > $tolerance_money_yuan
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
union all
select
    found.exception_no,
    payer.row_id
from found
inner join int_payer as payer on found.party_id = payer.party_id

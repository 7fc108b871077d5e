-- SME-06 refunded-twice
-- grain: one row per party_id, policy and year
with

across as (

    select
        party_id,
        policy,
        year,
        bool_or(is_across and doubled > 0) as is_across
    from int_refund_double
    group by party_id, policy, year

),

twice as (

    select
        split.*,
        cast(split.doubled + split.passed_again as decimal(18, 2)) as amount,
        coalesce(across.is_across, false) as is_across
    from int_refund_split as split
    left join across
        on
            split.party_id = across.party_id
            and split.policy = across.policy
            and split.year = across.year

)

select
    twice.party_id,
    twice.policy,
    twice.year,
    cast(twice.year as varchar) as period,
    case when twice.is_doubtful then 'verify' else 'recover' end as direction,
    twice.amount,
    cast(twice.refunded - twice.amount as decimal(18, 2)) as expected,
    twice.refunded as actual,
    cast(twice.refunded as varchar) || '−'
    || cast(cast(twice.refunded - twice.amount as decimal(18, 2)) as varchar) || '='
    || cast(twice.amount as varchar) as formula,
    'upper_part|' || twice.party_id || '|' || twice.policy || '|'
    || cast(twice.year as varchar) || '|twice' as money_key,
    entitled.year_from as report_from,
    entitled.year_to as report_to,
    entitled.title,
    case
        when twice.passed_again > 0 and twice.doubled = 0 then '含已回拨的基层部分'
        when twice.is_across then '两项不得同享的政策'
        else '同一政策重复返还'
    end as reason
from twice
inner join int_refund_entitled as entitled
    on
        twice.party_id = entitled.party_id
        and twice.policy = entitled.policy
        and twice.year = entitled.year
where twice.amount > $tolerance_money_yuan
order by twice.party_id, twice.policy, twice.year;

select
    found.exception_no,
    refund.row_id
from found
inner join int_refund_line as refund
    on found.party_id = refund.party_id and found.year = refund.year
where refund.is_in_window
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

-- REM-11 wrong-jurisdiction
-- grain: one row per party_id
with

collected as (  -- fee of the review period, and what is above the fraction of the payer's system

    select
        paid.party_id,
        min(paid.span_from) as first_day,
        max(paid.span_to) as last_day,
        sum(paid.paid) as paid,
        sum(
            case
                when gap.fraction is not null and -gap.gap > $tolerance_money_yuan then -gap.gap
                else 0
            end
        ) as above,
        max(gap.fraction) as fraction
    from int_fee_paid as paid
    left join int_fee_gap as gap
        on paid.party_id = gap.party_id and paid.span_from = gap.span_from
    where paid.span_from <= $period_to and paid.span_to >= $period_from
    group by paid.party_id

)

select
    payer.party_id,
    '' as period,
    'verify' as direction,
    cast(
        case when payer.is_elsewhere then collected.paid else collected.above end
        as decimal(18, 2)
    ) as amount,
    cast(
        case when payer.is_elsewhere then 0 else collected.paid - collected.above end
        as decimal(18, 2)
    ) as expected,
    collected.paid as actual,
    case
        when not payer.is_elsewhere
            then
                cast(collected.paid as varchar) || '−'
                || cast(collected.paid - collected.above as varchar) || '='
                || cast(collected.above as varchar)
    end as formula,
    cast(null as varchar) as money_key,
    collected.first_day as report_from,
    collected.last_day as report_to,
    payer.affiliation,
    payer.system_class,
    collected.fraction,
    case when payer.is_elsewhere then '隶属其他工会' else '高于所属系统的上缴比例' end as reason
from int_affiliated_payer as payer
inner join collected on payer.party_id = collected.party_id
where collected.paid > 0 and (payer.is_elsewhere or collected.above > 0)
order by payer.party_id

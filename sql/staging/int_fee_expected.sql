-- one row per party and span: what the fee should be, by each kind of proof
-- signed: payroll sheets; other: the evidence that asks least (complete evidence first);
-- base_low and base_high: the declared bases, where one fee period states several
with

waged as (

    select
        span.party_id,
        span.span_from,
        span.span_to,
        wage.evidence,
        sum(wage.wages) as wages,
        count(*) as wage_months,
        bool_or(wage.is_split) as is_split
    from int_fee_span as span
    inner join int_span_month as months
        on span.span_from = months.span_from and span.span_to = months.span_to
    inner join int_wage as wage
        on span.party_id = wage.party_id and months.month = wage.month
    group by span.party_id, span.span_from, span.span_to, wage.evidence

),

other as (

    select
        waged.party_id,
        waged.span_from,
        waged.evidence,
        waged.wages
    from waged
    inner join int_fee_span as span
        on waged.party_id = span.party_id and waged.span_from = span.span_from
    where waged.evidence <> '工资表'
    qualify row_number() over (
        partition by waged.party_id, waged.span_from
        order by waged.wage_months < span.months asc, waged.wages asc, waged.evidence asc
    ) = 1

),

declared as (  -- the bases stated for one fee period

    select
        collected.party_id,
        member.span_from,
        max(collected.base) as highest,
        sum(distinct collected.base) as together
    from int_collected as collected
    inner join int_collected_span as member on collected.row_id = member.row_id
    where collected.base is not null
    group by
        collected.party_id, member.span_from, collected.period_from, collected.period_to

),

base as (

    select
        party_id,
        span_from,
        sum(highest) as base_low,
        sum(together) as base_high
    from declared
    group by party_id, span_from

)

select
    span.party_id,
    span.span_from,
    span.span_to,
    signed.wages as signed_wages,
    coalesce(signed.wage_months = span.months, false) as is_signed_complete,
    coalesce(signed.is_split, false) as is_signed_split,
    other.evidence as other_evidence,
    other.wages as other_wages,
    base.base_low,
    base.base_high,
    cast(
        round(signed.wages * cast(span.fee_rate * span.share as decimal(12, 8)), 2)
        as decimal(18, 2)
    ) as signed_expected,
    cast(
        round(other.wages * cast(span.fee_rate * span.share as decimal(12, 8)), 2)
        as decimal(18, 2)
    ) as other_expected,
    cast(
        round(base.base_low * cast(span.fee_rate * span.share as decimal(12, 8)), 2)
        as decimal(18, 2)
    ) as base_low_expected,
    cast(
        round(base.base_high * cast(span.fee_rate * span.share as decimal(12, 8)), 2)
        as decimal(18, 2)
    ) as base_high_expected
from int_fee_span as span
left join waged as signed
    on
        span.party_id = signed.party_id
        and span.span_from = signed.span_from
        and signed.evidence = '工资表'
left join other on span.party_id = other.party_id and span.span_from = other.span_from
left join base on span.party_id = base.party_id and span.span_from = base.span_from

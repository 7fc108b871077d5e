-- REM-01 no-remittance
-- grain: one row per party_id and month
with

collected_month as (  -- the payer's months with money, their bases spread over the months paid for

    select
        gap.party_id,
        months.month,
        div_half_up(
            coalesce(
                gap.base,
                div_half_up(gap.paid, cast(gap.fee_rate * gap.share as decimal(12, 8)))
            ), gap.months
        ) as base
    from int_fee_base as gap
    inner join int_span_month as months
        on gap.span_from = months.span_from and gap.span_to = months.span_to

),

neighbour as (  -- up to three collected months: the last ones before, else the next ones after

    select
        missing.party_id,
        missing.month,
        collected_month.base,
        collected_month.month < missing.month as is_before,
        max(case when collected_month.month < missing.month then 1 else 0 end) over (
            partition by missing.party_id, missing.month
        ) = 1 as has_before,
        row_number() over (
            partition by
                missing.party_id, missing.month, collected_month.month < missing.month
            order by abs(date_diff('month', collected_month.month, missing.month)) asc
        ) as nearness
    from int_fee_missing as missing
    inner join collected_month on missing.party_id = collected_month.party_id
    where missing.wages is null

),

ranked as (

    select
        party_id,
        month,
        base,
        row_number() over (partition by party_id, month order by base asc) as turn,
        count(*) over (partition by party_id, month) as bases
    from neighbour
    where nearness <= 3 and is_before = has_before

),

estimate as (  -- the median of one, two or three bases

    select
        party_id,
        month,
        div_half_up(sum(base), count(*)) as base
    from ranked
    where 2 * turn between bases and bases + 2
    group by party_id, month

),

cancelled_out as (  -- months with rows that come to nothing together

    select distinct
        missing.party_id,
        missing.month
    from int_fee_missing as missing
    inner join stg_tax_collection as line on missing.party_id = line.party_id
    where
        missing.month >= date_trunc('month', line.period_from) and missing.month <= line.period_to

),

valued as (

    select
        missing.party_id,
        missing.month,
        missing.due_on,
        missing.is_calendar_known,
        missing.fee_rate,
        missing.share,
        missing.wages,
        missing.is_tax_mode,
        missing.is_mode_known,
        missing.is_covered,
        missing.is_wage_split,
        coalesce(missing.wages, estimate.base) as base,
        case
            when missing.wages is not null then '工资表'
            when estimate.base is not null then '邻近月份中位数'
            else '无'
        end as basis,
        case
            when cancelled_out.month is not null then '缴费记录合计为零'
            else '没有缴费记录'
        end as record,
        cast(round(
            coalesce(missing.wages, estimate.base)
            * cast(missing.fee_rate * missing.share as decimal(12, 8)), 2
        ) as decimal(18, 2)) as expected
    from int_fee_missing as missing
    left join estimate
        on missing.party_id = estimate.party_id and missing.month = estimate.month
    left join cancelled_out
        on missing.party_id = cancelled_out.party_id and missing.month = cancelled_out.month

)

select
    party_id,
    month,
    period_text(month, month) as period,
    case
        when
            wages is not null
            and is_tax_mode
            and is_mode_known
            and is_covered
            and not is_wage_split
            then 'pay_in'
        else 'verify'
    end as direction,
    expected as amount,
    expected,
    case when expected is not null then cast(0 as decimal(18, 2)) end as actual,
    case
        when expected is not null
            then
                percent_text(fee_rate) || '×' || cast(base as varchar)
                || case when share <> 1 then '×' || percent_text(share) else '' end
                || '=' || cast(expected as varchar)
    end as formula,
    'whole_fee|' || party_id || '|' || period_text(month, month) as money_key,
    month as report_from,
    last_day(month) as report_to,
    not is_calendar_known as is_uncertain,
    due_on,
    basis,
    base,
    record
from valued
where expected is null or expected > 0
order by party_id, month;

with

near as (  -- collected spans beside an estimated month, and how many months lie nearer than they do

    select
        found.exception_no,
        found.party_id,
        span.span_from,
        span.span_from < found.month as is_before,
        max(case when span.span_from < found.month then 1 else 0 end) over (
            partition by found.exception_no
        ) = 1 as has_before,
        coalesce(
            sum(span.months) over (
                partition by found.exception_no, span.span_from < found.month
                order by abs(date_diff('month', span.span_from, found.month)) asc
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as nearer
    from found
    inner join int_fee_base as span on found.party_id = span.party_id
    where found.basis = '邻近月份中位数'

)

select
    found.exception_no,
    payer.row_id
from found
inner join int_payer as payer on found.party_id = payer.party_id
union all
select
    found.exception_no,
    union_org.row_id
from found
inner join stg_union as union_org on found.party_id = union_org.party_id
where
    union_org.founded_on <= found.month
    and (union_org.dissolved_on is null or union_org.dissolved_on > found.month)
union all
select
    found.exception_no,
    payroll.row_id
from found
inner join stg_payroll as payroll
    on found.party_id = payroll.party_id and found.month = payroll.month
where payroll.evidence = '工资表'
union all
select
    near.exception_no,
    payment.row_id
from near
inner join int_payment as payment
    on near.party_id = payment.party_id and near.span_from = payment.span_from
where near.is_before = near.has_before and near.nearer < 3
union all
select
    found.exception_no,
    line.row_id
from found
inner join stg_tax_collection as line on found.party_id = line.party_id
where found.month >= date_trunc('month', line.period_from) and found.month <= line.period_to

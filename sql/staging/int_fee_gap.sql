-- one row per party and span with money paid: expected, paid, gap = expected - paid, what the
-- expectation rests on, and whether it is certain; is_short: beyond the tolerances
-- expected is null where nothing says what was due; payroll is certain only where the collection
-- list reaches back to the year in which the span was due
with

compared as (

    select
        span.party_id,
        span.span_from,
        span.span_to,
        span.months,
        span.fee_rate,
        span.share,
        span.fraction,
        span.is_tax_mode,
        span.is_mode_known,
        coalesce(due.is_covered, false) as is_covered,
        paid.paid,
        span.signed_wages,
        span.is_signed_complete,
        span.is_signed_split,
        span.other_evidence,
        span.other_wages,
        span.base_low,
        span.base_high,
        span.signed_expected,
        span.other_expected,
        span.base_low_expected,
        span.base_high_expected
    from int_fee_span as span
    inner join int_fee_paid as paid
        on span.party_id = paid.party_id and span.span_from = paid.span_from
    left join int_due_month as due on cast(date_trunc('month', span.span_to) as date) = due.month
    where span.is_examined and paid.paid > 0

),

judged as (

    select
        compared.*,
        case
            when is_signed_complete then '工资表'
            when signed_wages is not null then '工资表缺月'
            when other_expected - paid > $tolerance_money_yuan then other_evidence
            when base_low is not null then '计费依据'
            else other_evidence
        end as basis
    from compared

),

expecting as (

    select
        judged.*,
        case
            when basis in ('工资表', '工资表缺月') then signed_wages
            when basis <> '计费依据' then other_wages
            when paid <= base_low_expected + $tolerance_money_yuan then base_low
            else base_high
        end as due_base,
        case
            when basis in ('工资表', '工资表缺月') then signed_expected
            when basis <> '计费依据' then other_expected
            when paid <= base_low_expected + $tolerance_money_yuan then base_low_expected
            else base_high_expected
        end as expected
    from judged

)

select
    party_id,
    span_from,
    span_to,
    months,
    fee_rate,
    share,
    fraction,
    basis,
    due_base,
    expected,
    paid,
    cast(expected - paid as decimal(18, 2)) as gap,
    coalesce(
        is_tax_mode
        and is_mode_known
        and (
            (basis = '工资表' and not is_signed_split and is_covered)
            or (basis = '计费依据' and base_low = base_high)
        ),
        false
    ) as is_certain,
    coalesce(
        expected - paid > greatest(
            $tolerance_money_yuan, $fee_underpay_tolerance_pct * expected
        ),
        false
    ) as is_short
from expecting

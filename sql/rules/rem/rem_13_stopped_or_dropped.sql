-- REM-13 stopped-or-dropped
-- grain: one row per party_id and first month
with

stop_month as (  -- months after the last payment that were due and are not REM-01's

    select
        usual.party_id,
        usual.usual_monthly,
        listed_month.month
    from int_fee_usual as usual
    inner join int_fee_series as series
        on usual.party_id = series.party_id and usual.turn = series.turn
    inner join int_listed_month as listed_month on usual.span_to < listed_month.month
    inner join ref_fee_due as due on listed_month.month = due.month
    left join int_fee_missing as missing
        on usual.party_id = missing.party_id and listed_month.month = missing.month
    left join int_payer as payer on usual.party_id = payer.party_id
    where
        series.turn_back = 1
        and $as_of > due.due_on
        and missing.party_id is null
        and (payer.cancelled_on is null or listed_month.month <= payer.cancelled_on)

),

stopped as (

    select
        party_id,
        min(month) as span_from,
        last_day(max(month)) as span_to,
        count(*) as months,
        usual_monthly,
        cast(0 as decimal(18, 2)) as paid
    from stop_month
    group by party_id, usual_monthly

),

dropped as (  -- the first span that lies far below the ones before it, with a steady headcount

    select
        series.party_id,
        series.span_from,
        series.span_to,
        series.months,
        usual.usual_monthly,
        series.paid
    from int_fee_series as series
    inner join int_fee_usual as usual
        on series.party_id = usual.party_id and series.turn = usual.turn + 1
    inner join int_fee_series as before
        on series.party_id = before.party_id and usual.turn = before.turn
    where
        usual.usual_monthly - series.paid_monthly > $fee_drop_pct * usual.usual_monthly
        and usual.usual_monthly - before.paid_monthly <= $fee_drop_pct * usual.usual_monthly
        and abs(series.headcount - usual.headcount)
        < $fee_drop_headcount_pct * usual.headcount

),

listed as (

    select
        stopped.*,
        '断缴' as reason
    from stopped
    union all
    select
        dropped.*,
        '骤降' as reason
    from dropped

),

valued as (

    select
        listed.*,
        cast(usual_monthly * months as decimal(18, 2)) as expected
    from listed

)

select
    party_id,
    span_from,
    period_text(span_from, span_to) as period,
    'verify' as direction,
    cast(expected - paid as decimal(18, 2)) as amount,
    expected,
    paid as actual,
    cast(usual_monthly as varchar) || '×' || cast(months as varchar) || '−'
    || cast(paid as varchar) || '=' || cast(cast(expected - paid as decimal(18, 2)) as varchar)
        as formula,
    'whole_fee|' || party_id || '|' || period_text(span_from, span_to) as money_key,
    span_from as report_from,
    span_to as report_to,
    usual_monthly,
    reason
from valued
order by party_id, span_from

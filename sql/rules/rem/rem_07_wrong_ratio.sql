-- REM-07 passed-back-too-much
-- grain: one row per party_id and span of fee periods
with

compared as (

    select
        party_id,
        span_from,
        span_to,
        has_tax_row,
        has_undated,
        is_full,
        cast(fee_basic + prep_basic as decimal(18, 2)) as expected,
        passed,
        cast(passed - fee_basic - prep_basic as decimal(18, 2)) as excess
    from int_passback

)

select
    party_id,
    span_from,
    span_to,
    period_text(span_from, span_to) as period,
    case
        when is_full and not has_undated then 'recover'
        else 'verify'
    end as direction,
    excess as amount,
    expected,
    passed as actual,
    cast(passed as varchar) || '−' || cast(expected as varchar) || '='
    || cast(excess as varchar) as formula,
    'basic_part|' || party_id || '|' || period_text(span_from, span_to) as money_key,
    span_from as report_from,
    span_to as report_to,
    case
        when not has_tax_row then '没有对应的代收记录'
        when not is_full then '收缴方式不含基层部分或认不出'
        when has_undated then '拨付没有所属期'
        else '超过应回拨数'
    end as reason
from compared
where excess > $tolerance_money_yuan
order by party_id, span_from

-- REM-07 passed-back-too-much
-- grain: one row per party_id and span of fee periods
with

compared as (

    select
        passback.party_id,
        passback.span_from,
        passback.span_to,
        passback.has_tax_row,
        passback.has_undated,
        passback.is_full,
        due.is_covered,
        cast(passback.fee_basic + passback.prep_basic as decimal(18, 2)) as expected,
        passback.passed,
        cast(passback.passed - passback.fee_basic - passback.prep_basic as decimal(18, 2))
            as excess
    from int_passback as passback
    left join int_due_month as due
        on cast(date_trunc('month', passback.span_to) as date) = due.month

)

select
    party_id,
    span_from,
    span_to,
    period_text(span_from, span_to) as period,
    case
        when is_full and is_covered and not has_undated then 'recover'
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
        when is_covered then '超过应回拨数'
        else '代收明细可能没有该期的全部缴费'
    end as reason
from compared
where excess > $tolerance_money_yuan
order by party_id, span_from

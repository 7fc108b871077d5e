-- REM-06 basic-share-not-passed-back
-- grain: one row per party_id and span of fee periods
with

overdue as (  -- basic parts of fee money past the day by which they were to be passed back

    select
        party_id,
        span_from,
        span_to,
        sum(paid) as paid,
        sum(basic) as expected,
        min(due_on) as due_on,
        min(treasury_on) as treasury_on,
        bool_and(is_calendar_known) as is_calendar_known,
        bool_and(is_mode_sure) as is_mode_sure,
        bool_and(has_open_account) as has_open_account,
        min(fee_basic_share) as basic_share
    from int_fee_basic
    where
        item = '工会经费'
        and is_full_mode
        and is_after_founding
        and $as_of > due_on
    group by party_id, span_from, span_to

),

listed as (  -- what came before the list of transfers begins may have been passed back

    select cast(date_trunc('year', min(paid_on)) as date) as listed_from from stg_fund_transfer

),

compared as (

    select
        overdue.*,
        overdue.due_on >= listed.listed_from or passback.passed > 0 as is_listed,
        passback.has_undated,
        greatest(passback.passed, 0) as passed,
        cast(overdue.expected - greatest(passback.passed, 0) as decimal(18, 2)) as short
    from overdue
    inner join int_passback as passback
        on overdue.party_id = passback.party_id and overdue.span_from = passback.span_from
    cross join listed

)

select
    party_id,
    span_from,
    period_text(span_from, span_to) as period,
    case when is_mode_sure and is_listed and not has_undated then 'give_back' else 'verify' end
        as direction,
    short as amount,
    expected,
    passed as actual,
    case
        when expected = cast(round(paid * basic_share, 2) as decimal(18, 2))
            then cast(paid as varchar) || '×' || percent_text(basic_share)
        else cast(expected as varchar)
    end || '−' || cast(passed as varchar) || '=' || cast(short as varchar) as formula,
    'basic_part|' || party_id || '|' || period_text(span_from, span_to) || '|工会经费' as money_key,
    span_from as report_from,
    span_to as report_to,
    not is_calendar_known as is_uncertain,
    case when has_open_account then '已开户' else '待开户' end as account_state,
    treasury_on,
    due_on,
    paid
from compared
where short > $tolerance_money_yuan
order by party_id, span_from

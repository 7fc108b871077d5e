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

compared as (

    select
        overdue.*,
        passback.has_undated,
        greatest(passback.passed, 0) as passed,
        cast(overdue.expected - greatest(passback.passed, 0) as decimal(18, 2)) as short
    from overdue
    inner join int_passback as passback
        on overdue.party_id = passback.party_id and overdue.span_from = passback.span_from

)

select
    party_id,
    span_from,
    period_text(span_from, span_to) as period,
    case when has_undated then 'verify' else 'give_back' end as direction,
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
order by party_id, span_from;

select
    found.exception_no,
    basic.row_id
from found
inner join int_fee_basic as basic
    on found.party_id = basic.party_id and found.span_from = basic.span_from
where basic.item = '工会经费'
union all
select
    found.exception_no,
    basic.settlement_row_id as row_id
from found
inner join int_fee_basic as basic
    on found.party_id = basic.party_id and found.span_from = basic.span_from
where basic.item = '工会经费' and basic.settlement_row_id is not null
union all
select
    found.exception_no,
    transfer.row_id
from found
inner join stg_fund_transfer as transfer on found.party_id = transfer.party_id
where
    transfer.kind = '基层回拨'
    and not transfer.is_returned
    and (
        transfer.period_from is null
        or (
            transfer.period_from <= found.report_to
            and coalesce(transfer.period_to, transfer.period_from) >= found.report_from
        )
    )

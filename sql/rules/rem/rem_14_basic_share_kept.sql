-- REM-14 employer-kept-basic-share
-- grain: one row per party_id and span of fee periods
with

compared as (

    select
        basic_own.*,
        cast(basic_own.basic - basic_own.received as decimal(18, 2)) as short
    from int_basic_own as basic_own

),

creditor as (

    select
        party_id,
        min(union_name) as creditor
    from stg_union
    group by party_id

)

select
    compared.party_id,
    compared.span_from,
    period_text(compared.span_from, compared.span_to) as period,
    case when compared.is_mode_known and compared.is_covered then 'pay_in' else 'verify' end
        as direction,
    compared.short as amount,
    compared.basic as expected,
    compared.received as actual,
    cast(compared.paid as varchar) || '×' || percent_text(compared.basic_share) || '/'
    || percent_text(1 - compared.basic_share) || '−' || cast(compared.received as varchar)
    || '=' || cast(compared.short as varchar) as formula,
    'basic_part|' || compared.party_id || '|'
    || period_text(compared.span_from, compared.span_to) as money_key,
    compared.span_from as report_from,
    compared.span_to as report_to,
    not compared.is_calendar_known as is_uncertain,
    creditor.creditor,
    compared.treasury_on,
    compared.due_on,
    compared.paid
from compared
inner join creditor on compared.party_id = creditor.party_id
where compared.short > $tolerance_money_yuan and $as_of > compared.due_on
order by compared.party_id, compared.span_from

-- SME-12 refund-kept
-- grain: one row per year and way of knowing it
with

kept as (

    select
        passed_on.*,
        booked - refunded - pending as kept_booked,
        booked + noted - refunded - pending + perhaps_again as kept_all
    from int_refund_passed_on as passed_on

),

judged as (

    select
        year,
        false as is_by_text,
        '账上科目' as known_by,
        pass_on_by,
        received_on,
        booked as received,
        refunded,
        pending,
        is_pending_unknown,
        cast(kept_booked as decimal(18, 2)) as amount
    from kept
    union all
    select
        year,
        true as is_by_text,
        concat_ws(
            '、',
            case when noted > 0 then '银行摘要' end,
            case when perhaps_again > 0 then '重复申请' end
        ) as known_by,
        pass_on_by,
        received_on,
        cast(booked + noted as decimal(18, 2)) as received,
        refunded,
        cast(pending - perhaps_again as decimal(18, 2)) as pending,
        is_pending_unknown,
        cast(kept_all - greatest(kept_booked, 0) as decimal(18, 2)) as amount
    from kept

)

select
    judged.year,
    judged.is_by_text,
    'N:' || self.name_key as party_id,
    nullif(self.name, '') as party_name,
    cast(judged.year as varchar) as period,
    case when judged.is_by_text or judged.is_pending_unknown then 'verify' else 'give_back' end
        as direction,
    judged.amount,
    judged.received as expected,
    cast(judged.received - judged.amount as decimal(18, 2)) as actual,
    cast(judged.received as varchar) || '−'
    || cast(cast(judged.received - judged.amount as decimal(18, 2)) as varchar) || '='
    || cast(judged.amount as varchar) as formula,
    'upper_part|' || coalesce('N:' || self.name_key, '') || '|' || cast(judged.year as varchar)
    || case when judged.is_by_text then '|text' else '' end as money_key,
    make_date(judged.year, 1, 1) as report_from,
    make_date(judged.year, 12, 31) as report_to,
    judged.received_on,
    judged.received,
    judged.refunded,
    judged.pending,
    judged.known_by
from judged
cross join ref_self as self
where judged.amount > $tolerance_money_yuan
order by judged.year, judged.is_by_text

-- GOV-01 large-payment-without-decision
-- grain: one row per kind and payment or meeting item
with

listed as (

    select
        '付款无集体研究' as kind,
        payment.row_id as source_row_id,
        payment.posted_on as day,
        coalesce(payment.account_no, '') || '|' || payment.serial_no || '|'
        || cast(payment.paid as varchar) || '|' || cast(payment.line_no as varchar) as place,
        payment.party_id,
        payment.party_name,
        'verify' as direction,
        payment.beyond as amount,
        payment.paid,
        payment.summary as subject
    from int_major_payment as payment
    where payment.beyond > 0
    union all
    select
        '派驻纪检组未列席' as kind,
        decision.row_id as source_row_id,
        decision.held_on as day,
        decision.meeting_no || '|' || decision.subject as place,
        'N:' || own.name_key as party_id,
        own.name as party_name,
        '' as direction,
        cast(null as decimal(18, 2)) as amount,
        cast(null as decimal(18, 2)) as paid,
        decision.subject
    from src_decision as decision
    cross join ref_self as own
    where decision.is_major and not decision.inspector_present

),

once as (  -- an item listed twice counts once

    select
        kind,
        source_row_id,
        day,
        place,
        party_id,
        party_name,
        direction,
        amount,
        paid,
        subject,
        row_number() over (
            partition by kind, day, place
            order by source_row_id asc
        ) as turn
    from listed

)

select
    kind,
    day,
    place,
    party_id,
    party_name,
    strftime(day, '%Y-%m-%d') as period,
    direction,
    amount,
    case when paid > amount then cast(paid - amount as decimal(18, 2)) end as expected,
    paid as actual,
    case
        when paid > amount
            then
                cast(paid as varchar)
                || '−'
                || cast(cast(paid - amount as decimal(18, 2)) as varchar)
                || '=' || cast(amount as varchar)
    end as formula,
    cast(null as varchar) as money_key,
    day as report_from,
    day as report_to,
    source_row_id,
    subject
from once
where turn = 1
order by kind, day, place

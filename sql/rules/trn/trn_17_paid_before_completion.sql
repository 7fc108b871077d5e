-- TRN-17 paid-before-completion
-- grain: one row per class_no
with

early as (  -- payments before the class ended or was accepted

    select
        payment.class_no,
        greatest(money.ends_on, money.accepted_on) as completed_on,
        min(payment.paid_on) as paid_on,
        cast(sum(payment.amount) as decimal(18, 2)) as paid
    from int_class_payment as payment
    inner join int_class_money as money
        on
            payment.class_no = money.class_no
            and payment.paid_on < greatest(money.ends_on, money.accepted_on)
    group by payment.class_no, money.ends_on, money.accepted_on

)

select
    money.class_no,
    money.party_id,
    money.party_name,
    money.period,
    'verify' as direction,
    cast(early.paid - money.advance_allowed as decimal(18, 2)) as amount,
    money.advance_allowed as expected,
    early.paid as actual,
    cast(early.paid as varchar) || '−'
    || case
        when money.advance_agreed is not null then cast(money.advance_agreed as varchar)
        else percent_text(money.advance_pct) || '×' || cast(money.due as varchar)
    end
    || '=' || cast(early.paid - money.advance_allowed as varchar) as formula,
    cast(null as varchar) as money_key,
    money.report_on as report_from,
    money.report_on as report_to,
    money.starts_on,
    early.paid_on,
    early.completed_on
from int_class_money as money
inner join early
    on money.class_no = early.class_no and money.advance_allowed < early.paid
order by money.class_no

-- TRN-17 paid-before-completion
-- grain: one row per class_no
with

early as (  -- payments before the class ended or was accepted

    select
        money.class_no,
        greatest(money.ends_on, money.accepted_on) as completed_on,
        min(payment.paid_on) as paid_on,
        cast(sum(payment.amount) as decimal(18, 2)) as paid
    from int_class_money as money
    inner join stg_training_payment as payment
        on
            money.class_no = payment.class_no
            and payment.paid_on < greatest(money.ends_on, money.accepted_on)
    where not payment.is_repeat and not payment.is_reversed
    group by money.class_no, money.ends_on, money.accepted_on

),

compared as (

    select
        money.*,
        early.completed_on,
        early.paid_on,
        early.paid,
        cast(
            coalesce(money.advance_agreed, round(money.advance_pct * money.due, 2))
            as decimal(18, 2)
        ) as allowed,
        case
            when money.advance_agreed is not null then cast(money.advance_agreed as varchar)
            else percent_text(money.advance_pct) || '×' || cast(money.due as varchar)
        end as operation
    from int_class_money as money
    inner join early on money.class_no = early.class_no

)

select
    class_no,
    party_id,
    party_name,
    period,
    'verify' as direction,
    cast(paid - allowed as decimal(18, 2)) as amount,
    allowed as expected,
    paid as actual,
    cast(paid as varchar) || '−' || operation || '=' || cast(paid - allowed as varchar)
        as formula,
    cast(null as varchar) as money_key,
    report_on as report_from,
    report_on as report_to,
    starts_on,
    paid_on,
    completed_on
from compared
where paid > allowed
order by class_no;

select
    found.exception_no,
    payment.row_id
from found
inner join stg_training_payment as payment on found.class_no = payment.class_no
where
    not payment.is_repeat
    and not payment.is_reversed
    and payment.paid_on < found.completed_on

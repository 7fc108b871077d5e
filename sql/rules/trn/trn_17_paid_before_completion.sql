-- TRN-17 paid-before-completion
-- grain: one row per class_no
with

early as (  -- payments before the class ended or was accepted

    select
        payment.class_no,
        greatest(class.ends_on, coalesce(class.accepted_on, class.ends_on)) as completed_on,
        class.advance_agreed,
        class.starts_on,
        min(payment.paid_on) as paid_on,
        sum(payment.amount) as paid
    from stg_training_payment as payment
    inner join stg_training_class as class on payment.class_no = class.class_no
    where
        not payment.is_repeat
        and not payment.is_reversed
        and (payment.paid_on < class.ends_on or payment.paid_on < class.accepted_on)
    group by
        payment.class_no, class.ends_on, class.accepted_on, class.advance_agreed, class.starts_on

),

compared as (

    select
        early.class_no,
        early.starts_on,
        early.completed_on,
        early.paid_on,
        cast(early.paid as decimal(18, 2)) as paid,
        early.advance_agreed is not null as is_agreed,
        policy.training_advance_pct as advance_pct,
        coalesce(money.expected, money.amount) as due,
        cast(
            coalesce(
                early.advance_agreed,
                round(policy.training_advance_pct * coalesce(money.expected, money.amount), 2)
            ) as decimal(18, 2)
        ) as allowed
    from early
    inner join int_class_money as money on early.class_no = money.class_no
    inner join ref_policy_day as policy on early.starts_on = policy.day

)

select
    money.class_no,
    money.party_id,
    money.party_name,
    money.period,
    'verify' as direction,
    cast(compared.paid - compared.allowed as decimal(18, 2)) as amount,
    compared.allowed as expected,
    compared.paid as actual,
    case
        when compared.is_agreed
            then
                cast(compared.paid as varchar) || '−' || cast(compared.allowed as varchar) || '='
                || cast(compared.paid - compared.allowed as varchar)
        else
            cast(compared.paid as varchar) || '−' || percent_text(compared.advance_pct) || '×'
            || cast(compared.due as varchar) || '='
            || cast(compared.paid - compared.allowed as varchar)
    end as formula,
    cast(null as varchar) as money_key,
    money.report_on as report_from,
    money.report_on as report_to,
    compared.starts_on,
    compared.paid_on,
    compared.completed_on
from compared
inner join int_class_money as money on compared.class_no = money.class_no
where compared.paid > compared.allowed
order by money.class_no;

select
    found.exception_no,
    payment.row_id
from found
inner join stg_training_payment as payment on found.class_no = payment.class_no
where
    not payment.is_repeat
    and not payment.is_reversed
    and payment.paid_on < found.completed_on

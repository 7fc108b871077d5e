-- LED-05 paid-in-cash-or-to-person
-- grain: one row per payment
select
    payment.kind,
    payment.paid_on,
    payment.place,
    payment.amount as paid,
    'N:' || payment.holder as party_id,
    payment.party_name,
    payment.summary,
    strftime(payment.paid_on, '%Y-%m-%d') as period,
    'verify' as direction,
    payment.amount,
    cast(null as decimal(18, 2)) as expected,
    payment.amount as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    payment.paid_on as report_from,
    payment.paid_on as report_to,
    payment.row_id as source_row_id
from int_cash_payment as payment
inner join ref_policy_day as policy on payment.paid_on = policy.day
where payment.amount >= policy.ledger_cash_yuan
order by payment.kind, payment.paid_on, payment.place, payment.amount

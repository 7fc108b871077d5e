-- money out of own accounts at or above the limit for a collective decision, and the first decision
-- that covers it: not after the payment, at least its amount, same payee or a subject that names it
-- a payment that the bank sent back is none
with

major as (

    select
        line.row_id,
        line.account_no,
        line.posted_on,
        line.serial_no,
        line.line_no,
        line.party_id,
        line.party_name,
        line.party_name_key,
        line.summary,
        cast(-line.amount as decimal(18, 2)) as paid
    from int_bank_key as line
    inner join ref_policy_day as policy on line.posted_on = policy.day
    left join int_bank_return as undone on line.row_id = undone.row_id
    where
        undone.row_id is null
        and not line.is_repeat
        and not line.is_internal
        and -line.amount >= policy.governance_major_payment_yuan

),

covered as (

    select distinct major.row_id
    from major
    inner join src_decision as decision
        on major.posted_on >= decision.held_on and major.paid <= decision.amount
    where
        decision.payee_key = major.party_name_key
        or contains(decision.subject, major.party_name)
        or contains(decision.subject, major.summary)
        or contains(major.summary, decision.subject)

)

select
    major.row_id,
    major.account_no,
    major.posted_on,
    major.serial_no,
    major.line_no,
    major.party_id,
    major.party_name,
    major.summary,
    major.paid,
    covered.row_id is not null as is_decided
from major
left join covered on major.row_id = covered.row_id

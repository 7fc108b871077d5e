-- money out of own accounts at or above the limit for a collective decision, and what of it goes
-- beyond the decisions not after it: of the same payee, or, where one side names none, of a subject
-- that is the payment's or names it; decisions are used up in the order of days
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

decided as (  -- a decision listed twice counts once

    select distinct
        meeting_no,
        held_on,
        payee_key,
        subject,
        regexp_replace(lower(subject), '[^0-9a-z一-鿿]', '', 'g') as subject_key,
        greatest(coalesce(amount, 0), 0) as amount
    from src_decision

),

worded as (

    select
        major.*,
        regexp_replace(lower(summary), '[^0-9a-z一-鿿]', '', 'g') as summary_key
    from major

),

matched as (  -- the pool of decisions that a payment draws on: of its payee, else of its subject

    select
        worded.row_id,
        coalesce(decided.payee_key, decided.subject_key) as pool,
        row_number() over (
            partition by worded.row_id
            order by decided.payee_key is null asc, decided.held_on asc, decided.subject_key asc
        ) as turn
    from worded
    inner join decided
        on
            worded.posted_on >= decided.held_on
            and (
                decided.payee_key is null or worded.party_name_key is null
                or worded.party_name_key = decided.payee_key
            )
    where
        decided.payee_key = worded.party_name_key
        or decided.subject_key = worded.summary_key
        or (length(worded.summary_key) >= 6 and contains(decided.subject_key, worded.summary_key))
        or (length(worded.party_name) >= 3 and contains(decided.subject, worded.party_name))

),

moved as (  -- decisions add to their pool, payments draw on it, day by day

    select
        matched.pool,
        worded.posted_on as day,
        1 as step,
        worded.row_id,
        -worded.paid as amount
    from matched
    inner join worded on matched.row_id = worded.row_id
    where matched.turn = 1
    union all
    select
        coalesce(payee_key, subject_key) as pool,
        held_on as day,
        0 as step,
        null as row_id,
        amount
    from decided

),

balance as (

    select
        moved.*,
        sum(amount) over (
            partition by pool order by day asc, step asc, row_id asc
            rows between unbounded preceding and current row
        ) as height
    from moved

),

lowest as (  -- what was paid beyond the decisions until now does not use up later ones

    select
        balance.*,
        least(
            0, min(height) over (
                partition by pool order by day asc, step asc, row_id asc
                rows between unbounded preceding and current row
            )
        ) as floor_now
    from balance

),

drawn as (

    select
        row_id,
        coalesce(
            lag(floor_now) over (partition by pool order by day asc, step asc, row_id asc), 0
        ) - floor_now as beyond
    from lowest

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
    cast(coalesce(drawn.beyond, major.paid) as decimal(18, 2)) as beyond,
    drawn.row_id is not null as has_decision
from major
left join drawn on major.row_id = drawn.row_id

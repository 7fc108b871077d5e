-- one row per refund that stands (neither list nor bank took it back): its policy and policy year
-- policy: the one it names, else the one whose window holds its period (an applied one first);
-- year: the policy year in which most of the payments of its period are counted, else that of its
-- period, else the last one that was over when it was paid (is_doubtful)
-- what the bank sent back of part of a refund has the policy, period and day of the payer's latest
-- earlier refund that it may be part of, as far as it does not name its own
-- is_in_window: false where none of its payments, or no day of its period, lies in the window;
-- is_place_sure: its payments, or a period after the window, show it
-- is_across: its period holds payments of several policy years, and so does not tell its own
with

standing as (

    select
        paid.row_id,
        coalesce(paid.party_id, 'N:' || paid.payee_name_key) as party_id,
        coalesce(paid.transfer_no, '') as transfer_no,
        paid.policy,
        paid.period_from,
        coalesce(paid.period_to, paid.period_from) as period_to,
        paid.amount,
        paid.paid_on
    from stg_fund_transfer as paid
    left join int_transfer_bounced as bounced on paid.row_id = bounced.row_id
    where paid.kind = '小微返还' and not paid.is_returned and bounced.row_id is null

),

taken_back as (

    select
        part.row_id,
        whole.policy,
        whole.period_from,
        whole.period_to,
        whole.paid_on
    from standing as part
    inner join standing as whole
        on
            part.party_id = whole.party_id
            and part.paid_on >= whole.paid_on
            and -part.amount < whole.amount
            and coalesce(part.policy, whole.policy, '') = coalesce(whole.policy, '')
            and (
                part.period_from is null
                or (part.period_from = whole.period_from and part.period_to = whole.period_to)
            )
    where part.amount < 0
    qualify row_number() over (
        partition by part.row_id
        order by whole.paid_on desc, whole.row_id desc
    ) = 1

),

transfer as (

    select
        standing.row_id,
        standing.party_id,
        standing.transfer_no,
        coalesce(standing.policy, taken_back.policy) as policy_text,
        coalesce(standing.period_from, taken_back.period_from) as period_from,
        coalesce(standing.period_to, taken_back.period_to) as period_to,
        standing.amount,
        coalesce(taken_back.paid_on, standing.paid_on) as paid_on
    from standing
    left join taken_back on standing.row_id = taken_back.row_id

),

candidate as (

    select
        transfer.row_id,
        policy.policy,
        true as is_named,
        false as is_applied,
        false as is_otherwise_named,
        policy.window_from
    from transfer
    inner join ref_refund_policy as policy
        on transfer.policy_text = policy.policy or transfer.policy_text = policy.title
    union all
    select
        transfer.row_id,
        policy.policy,
        false as is_named,
        coalesce(applied.is_applied, false) as is_applied,
        transfer.policy_text is not null as is_otherwise_named,
        policy.window_from
    from transfer
    inner join ref_refund_policy as policy
        on
            transfer.period_from <= policy.window_to
            and transfer.period_to >= policy.window_from
    left join int_refund_applied as applied
        on
            transfer.party_id = applied.party_id
            and policy.policy = applied.policy
            and extract(year from transfer.period_to) = applied.year

),

chosen as (

    select
        row_id,
        policy,
        not is_named
        and not is_applied
        and (is_otherwise_named or count(*) over (partition by row_id) > 1) as is_guess
    from candidate
    qualify row_number() over (
        partition by row_id
        order by is_named desc, is_applied desc, window_from desc, policy asc
    ) = 1

),

line as (

    select
        transfer.*,
        coalesce(chosen.policy, '') as policy,
        coalesce(chosen.is_guess, true) as is_guess,
        case policy.year_kind
            when 'oct_sep' then extract(year from add_months(transfer.period_from, 3))
            else extract(year from transfer.period_from)
        end as first_year,
        case policy.year_kind
            when 'oct_sep' then extract(year from add_months(transfer.period_to, 3))
            else extract(year from transfer.period_to)
        end as period_year,
        coalesce(
            transfer.period_to >= policy.window_from and transfer.period_from <= policy.window_to,
            false
        ) as is_period_in,
        coalesce(transfer.period_from > policy.window_to, false) as is_after_window
    from transfer
    left join chosen on transfer.row_id = chosen.row_id
    left join ref_refund_policy as policy on chosen.policy = policy.policy

),

covered as (  -- payments of the refund's period by policy year

    select
        line.row_id,
        part.year,
        part.is_in_window,
        sum(part.amount) as amount
    from line
    inner join int_refund_row as part
        on
            line.party_id = part.party_id
            and line.policy = part.policy
            and line.period_from <= part.period_from
            and line.period_to >= part.period_to
    group by line.row_id, part.year, part.is_in_window

),

most as (

    select
        row_id,
        year,
        is_in_window,
        count(case when is_in_window then 1 end) over (partition by row_id) > 1 as is_parted
    from covered
    qualify row_number() over (
        partition by row_id
        order by is_in_window desc, amount desc, year asc
    ) = 1

),

ready as (  -- the day after which a policy year is first paid out

    select
        policy_year.policy,
        policy_year.year,
        coalesce(min(batch.anchor_to), policy_year.window_to) as ready_on
    from ref_refund_year as policy_year
    left join ref_refund_batch as batch
        on policy_year.policy = batch.policy and policy_year.year = batch.year
    group by policy_year.policy, policy_year.year, policy_year.window_to

),

undated as (

    select
        line.row_id,
        max(ready.year) as year
    from line
    inner join ready on line.policy = ready.policy and line.paid_on > ready.ready_on
    where line.period_from is null
    group by line.row_id

)

select
    line.row_id,
    line.party_id,
    line.transfer_no,
    line.policy,
    cast(
        case
            when most.is_in_window then most.year
            when line.period_from is not null then line.period_year
            else coalesce(undated.year, extract(year from line.paid_on))
        end as bigint
    ) as year,
    line.amount,
    line.paid_on,
    line.period_from,
    line.period_to,
    coalesce(most.is_in_window, line.is_period_in or undated.row_id is not null) as is_in_window,
    most.row_id is not null or line.is_after_window as is_place_sure,
    coalesce(most.is_parted and line.first_year < line.period_year, false) as is_across,
    line.is_guess
    or line.period_from is null
    or coalesce(most.is_parted and line.first_year < line.period_year, false) as is_doubtful
from line
left join most on line.row_id = most.row_id
left join undated on line.row_id = undated.row_id

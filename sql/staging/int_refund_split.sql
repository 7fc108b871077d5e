-- one row per party, refund policy and year with refunds: what of them is to be claimed back, each
-- fen once: paid twice (SME-06), passed back before (SME-06), not eligible (SME-03), small only for
-- want of payment (SME-10), outside the window (SME-04), too much (SME-05)
-- where eligibility is only in doubt, what a registered payer with payments owes back however that
-- turns out stays with SME-04 and SME-05, and the rest is the lead (is_eligibility_open)
-- combined: what policies that may be had together refunded beyond the widest of them and no other
-- rule claims: the upper part cannot go back twice
-- is_judged: the policy year is over; is_mode_known: so is what of each payment is its upper part
with

line as (

    select
        refund.row_id,
        refund.party_id,
        refund.policy,
        refund.year,
        refund.amount,
        refund.is_doubtful,
        row_number() over (
            partition by refund.party_id, refund.year
            order by refund.paid_on asc, refund.transfer_no asc, refund.row_id asc
        ) as turn,
        coalesce(refund.period_from, entitled.year_from) as period_from,
        coalesce(refund.period_to, entitled.year_to) as period_to,
        entitled.entitlement
    from int_refund_line as refund
    inner join int_refund_entitled as entitled
        on
            refund.party_id = entitled.party_id
            and refund.policy = entitled.policy
            and refund.year = entitled.year
    where refund.is_in_window and entitled.is_year_collected

),

later as (  -- with the group of policies: those that do not combine are one

    select
        line.row_id,
        bool_or(earlier.policy <> line.policy) as is_across
    from line
    inner join line as earlier
        on line.party_id = earlier.party_id and line.year = earlier.year
    left join ref_refund_not_with as apart
        on line.policy = apart.policy and earlier.policy = apart.other
    where
        line.amount > 0
        and earlier.amount > 0
        and earlier.turn < line.turn
        and (
            apart.other is not null
            or (
                earlier.policy = line.policy
                and earlier.period_from <= line.period_to
                and earlier.period_to >= line.period_from
            )
        )
    group by line.row_id

),

apart_policy as (  -- policies of a payer's year that do not combine

    select distinct
        line.party_id,
        line.year,
        line.policy
    from line
    inner join line as other on line.party_id = other.party_id and line.year = other.year
    inner join ref_refund_not_with as apart
        on line.policy = apart.policy and other.policy = apart.other

),

grouped as (

    select
        line.*,
        case when apart_policy.policy is not null then '' else line.policy end as policy_group,
        later.row_id is not null as is_later,
        coalesce(later.is_across, false) as is_across
    from line
    left join apart_policy
        on
            line.party_id = apart_policy.party_id
            and line.year = apart_policy.year
            and line.policy = apart_policy.policy
    left join later on line.row_id = later.row_id

),

measured as (

    select
        grouped.*,
        sum(amount) over (partition by party_id, year, policy_group)
        - max(entitlement) over (partition by party_id, year, policy_group) as excess,
        sum(case when is_later then amount else 0 end) over (
            partition by party_id, year, policy_group
            order by turn desc
            rows between unbounded preceding and current row
        ) as running
    from grouped

),

cut as (

    select
        measured.*,
        case
            when is_later then greatest(least(amount, excess - (running - amount)), 0) else 0
        end as doubled
    from measured

),

refund_double as (
    -- one row per refund that was made twice (SME-06), with the part of it that is double later
    -- refunds of a payer's year: of the same policy for an overlapping period, or of one that does
    -- not combine with an earlier one's; double is at most what all refunds exceed the highest
    -- entitlement of these policies by, the latest refund first claimable: what is left over, for
    -- the other rules to claim from the same refunds

    select
        row_id,
        party_id,
        policy,
        year,
        amount,
        policy_group,
        is_later,
        is_across,
        is_doubtful,
        cast(doubled as decimal(18, 2)) as doubled,
        cast(
            greatest(
                excess - sum(doubled) over (partition by party_id, year, policy_group), 0
            ) as decimal(18, 2)
        ) as claimable
    from cut

),

refunded as (

    select
        party_id,
        policy,
        year,
        sum(case when is_in_window then amount else 0 end) as refunded,
        sum(case when is_in_window then 0 else amount end) as outside,
        bool_or(is_doubtful) as is_doubtful,
        bool_or(not is_in_window and not is_place_sure)
            as is_outside_doubted
    from int_refund_line
    group by party_id, policy, year

),

twice as (

    select
        party_id,
        policy,
        year,
        policy_group,
        sum(doubled) as doubled,
        bool_or(is_across) as is_across,
        min(claimable) as claimable
    from refund_double
    group by party_id, policy, year, policy_group

),

strayed as (  -- payments of the refunds' periods that lie outside the window

    select distinct
        refund.party_id,
        refund.policy,
        refund.year,
        payment.row_id,
        payment.amount
    from int_refund_line as refund
    inner join int_refund_row as payment
        on
            refund.party_id = payment.party_id
            and refund.policy = payment.policy
            and refund.period_from <= payment.period_from
            and refund.period_to >= payment.period_to
    where refund.is_in_window and not payment.is_in_window

),

strayed_amount as (

    select
        party_id,
        policy,
        year,
        sum(amount) as amount
    from strayed
    group by party_id, policy, year

),

basic_of_year as (  -- a policy year's own part of the basic parts of a span

    select
        payment.party_id,
        payment.policy,
        payment.year,
        payment.span_from,
        payment.is_in_window,
        sum(fee.basic) as basic
    from int_refund_row as payment
    inner join int_fee_basic as fee on payment.row_id = fee.row_id
    where payment.is_shared
    group by
        payment.party_id, payment.policy, payment.year, payment.span_from, payment.is_in_window

),

basic_in_turn as (

    select
        basic_of_year.*,
        sum(basic) over (
            partition by party_id, policy, span_from
            order by year asc, is_in_window asc
            rows between unbounded preceding and current row
        ) as running
    from basic_of_year

),

passed as (  -- what of them was passed back, the oldest year of a span first

    select
        own.party_id,
        own.policy,
        own.year,
        sum(greatest(least(own.basic, passback.passed - (own.running - own.basic)), 0)) as passed
    from basic_in_turn as own
    inner join int_passback as passback
        on own.party_id = passback.party_id and own.span_from = passback.span_from
    where own.is_in_window
    group by own.party_id, own.policy, own.year

),

paid as (

    select
        party_id,
        policy,
        year,
        sum(paid) as paid,
        bool_or(is_shared) as is_shared,
        bool_and(is_mode_known) as is_mode_known
    from int_refund_row
    where is_in_window
    group by party_id, policy, year

),

prepaid as (  -- policy years of payers that paid preparation money as well

    select distinct
        payment.party_id,
        policy_year.policy,
        policy_year.year
    from int_payment as payment
    inner join ref_refund_year as policy_year
        on
            payment.treasury_on between policy_year.year_from and policy_year.year_to
            or payment.paid_on between policy_year.year_from and policy_year.year_to
    where payment.item = '建会筹备金'

),

joined as (

    select
        refunded.party_id,
        refunded.policy,
        refunded.year,
        refunded.refunded,
        refunded.outside,
        refunded.is_doubtful,
        refunded.is_outside_doubted,
        entitled.party_id is not null as is_judged,
        entitled.title,
        entitled.year_from,
        entitled.year_to,
        entitled.window_from,
        entitled.cap,
        entitled.upper_part,
        entitled.tested,
        entitled.tested_due,
        entitled.tested_limit,
        entitled.reasons,
        entitled.sure_reasons,
        entitled.is_ruled_out,
        entitled.is_perhaps_ruled_out,
        entitled.is_underpaid,
        entitled.is_perhaps_underpaid,
        entitled.is_due_over,
        entitled.is_due_perhaps_over,
        entitled.is_year_collected,
        entitled.is_unknown,
        entitled.refundable,
        coalesce(entitled.is_day_open, false) as is_day_open,
        paid.party_id is not null and entitled.is_registered as is_payer_sure,
        coalesce(twice.policy_group, refunded.policy) as policy_group,
        coalesce(twice.doubled, 0) as doubled,
        coalesce(twice.is_across, false) as is_across,
        twice.claimable,
        coalesce(strayed_amount.amount, 0) as strayed,
        case
            when
                paid.is_shared
                and refunded.refunded - coalesce(twice.doubled, 0)
                >= paid.paid - $tolerance_money_yuan
                then
                    greatest(
                        least(
                            coalesce(passed.passed, 0), paid.paid,
                            refunded.refunded - coalesce(twice.doubled, 0)
                            + least(coalesce(passed.passed, 0), paid.paid) - paid.paid
                        ), 0
                    )
            else 0
        end as passed_again,
        prepaid.party_id is not null as has_preparation,
        coalesce(paid.is_mode_known, true) as is_mode_known
    from refunded
    left join int_refund_entitled as entitled
        on
            refunded.party_id = entitled.party_id
            and refunded.policy = entitled.policy
            and refunded.year = entitled.year
    left join twice
        on
            refunded.party_id = twice.party_id
            and refunded.policy = twice.policy
            and refunded.year = twice.year
    left join strayed_amount
        on
            refunded.party_id = strayed_amount.party_id
            and refunded.policy = strayed_amount.policy
            and refunded.year = strayed_amount.year
    left join passed
        on
            refunded.party_id = passed.party_id
            and refunded.policy = passed.policy
            and refunded.year = passed.year
    left join paid
        on
            refunded.party_id = paid.party_id
            and refunded.policy = paid.policy
            and refunded.year = paid.year
    left join prepaid
        on
            refunded.party_id = prepaid.party_id
            and refunded.policy = prepaid.policy
            and refunded.year = prepaid.year

),

rest as (

    select
        joined.*,
        refunded - doubled - passed_again as kept,
        is_judged and (is_ruled_out or is_perhaps_ruled_out) as is_refused,
        is_judged and (is_underpaid or is_perhaps_underpaid) as is_short,
        coalesce(is_ruled_out or is_underpaid, false) as is_surely_ineligible,
        coalesce(is_underpaid and is_due_over, false) as is_surely_underpaid
    from joined

),

claimed as (

    select
        rest.*,
        case
            when not is_judged then 0
            when is_surely_ineligible then kept + outside
            when not is_year_collected then 0
            when (is_refused or is_short) and not is_payer_sure then 0
            else greatest(kept - refundable, 0)
        end as claim
    from rest

),

limited as (  -- of policies that do not combine, together no more than is claimable

    select
        claimed.*,
        case
            when policy_group <> '' then claim
            else
                greatest(
                    least(
                        claim,
                        claimable - (
                            sum(claim) over (
                                partition by party_id, year, policy_group
                                order by policy asc
                                rows between unbounded preceding and current row
                            ) - claim
                        )
                    ), 0
                )
        end as part
    from claimed

),

parted as (

    select
        limited.*,
        not is_surely_ineligible and (is_refused or is_short) as is_eligibility_open,
        not is_refused
        and is_short
        and (is_surely_underpaid or (not is_surely_ineligible and is_due_perhaps_over))
            as is_small_by_underpayment,
        case
            when is_surely_ineligible then part
            when is_refused or is_short then greatest(kept - part, 0)
            else 0
        end as unearned
    from limited

),

remaining as (

    select
        parted.*,
        case when is_judged and is_year_collected then kept - part - unearned else 0 end as earned
    from parted

),

summed as (

    select
        remaining.*,
        sum(earned) over (partition by party_id, year)
        - max(greatest(coalesce(upper_part, 0), coalesce(refundable, 0))) over (
            partition by party_id, year
        ) as beyond,
        row_number() over (partition by party_id, year order by earned asc, policy desc) as place
    from remaining
    where earned > 0

)

select
    parted.party_id,
    parted.policy,
    parted.year,
    parted.is_judged,
    parted.title,
    parted.year_from,
    parted.year_to,
    parted.window_from,
    parted.cap,
    parted.upper_part,
    parted.tested,
    parted.tested_due,
    parted.tested_limit,
    parted.reasons,
    parted.sure_reasons,
    parted.is_across,
    parted.is_doubtful or coalesce(parted.is_unknown, false) as is_doubtful,
    parted.is_outside_doubted
    or parted.policy = ''
    or (parted.strayed > 0 and parted.is_day_open) as is_outside_doubted,
    parted.is_day_open,
    parted.has_preparation,
    parted.is_mode_known,
    cast(parted.refunded + parted.outside as decimal(18, 2)) as refunded,
    cast(parted.refundable as decimal(18, 2)) as refundable,
    cast(parted.doubled as decimal(18, 2)) as doubled,
    cast(parted.passed_again as decimal(18, 2)) as passed_again,
    parted.is_eligibility_open,
    parted.is_surely_ineligible,
    parted.is_surely_underpaid,
    cast(
        case when parted.is_small_by_underpayment then 0 else parted.unearned end
        as decimal(18, 2)
    ) as ineligible,
    cast(
        case when parted.is_small_by_underpayment then parted.unearned else 0 end
        as decimal(18, 2)
    ) as underpaid,
    cast(
        case
            when parted.is_surely_ineligible then 0
            else parted.outside + least(parted.strayed, parted.part)
        end as decimal(18, 2)
    ) as outside,
    cast(
        case
            when parted.is_surely_ineligible then 0
            else parted.part - least(parted.strayed, parted.part)
        end as decimal(18, 2)
    ) as over_paid,
    cast(
        coalesce(greatest(least(summed.beyond, summed.earned), 0), 0) as decimal(18, 2)
    ) as combined
from parted
left join summed
    on
        parted.party_id = summed.party_id
        and parted.policy = summed.policy
        and parted.year = summed.year
        and summed.place = 1
        and summed.doubled + summed.passed_again = 0

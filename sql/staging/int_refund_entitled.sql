-- one row per party, refund policy and policy year that is over: whether the party is eligible, why
-- not, and how much is refundable, capped
-- is_ruled_out: what certainly rules the refund out; is_perhaps_ruled_out: what may do so; reasons
-- names both, sure_reasons what stands as it is told
-- refundable: by payments, as far as the basis is not certainly unmet; entitled: as far as it is
-- met; due: what of it had to be paid out by now; entitlement: nothing if ruled out
-- is_day_open: some payment may count in another year than it does here
-- state, of the application: 无需申请, 已申请, 审核中, 未申请
with

late as (

    select
        party_id,
        policy,
        year,
        bool_or(is_calendar_known and not is_day_open) as is_certain
    from int_refund_row
    where is_in_window and is_late
    group by party_id, policy, year

),

mode as (

    select
        party_id,
        policy,
        year,
        bool_and(is_mode_known) as is_known
    from int_refund_row
    where is_in_window
    group by party_id, policy, year

),

open_day as (  -- payments of which nobody knows in which of two years they were made

    select
        party_id,
        policy,
        year
    from int_refund_row
    where is_day_open
    union
    select
        party_id,
        policy,
        year - 1 as year
    from int_refund_row
    where is_day_open

),

excluded as (

    select
        policy,
        bool_or(exclusion = 'state_controlled') as state_controlled,
        bool_or(exclusion = 'budget_funded') as budget_funded,
        bool_or(exclusion = 'prep_no_union') as prep_no_union,
        bool_or(exclusion = 'underpaid') as underpaid
    from ref_refund_exclusion
    group by policy

),

union_register as (

    select count(*) > 0 as is_there from stg_union

),

undated as (  -- unions of the register whose founding day is not given: they prove nothing

    select
        party_id,
        bool_or(has_account) as has_account
    from stg_union
    where
        party_id is not null
        and founded_on is null
        and (dissolved_on is null or dissolved_on > $as_of)
    group by party_id

),

fact as (

    select
        basis.party_id,
        basis.policy,
        basis.year,
        basis.basis,
        basis.is_size_unknown,
        basis.is_unknown,
        basis.is_by_size,
        basis.is_contradicted,
        basis.met_amount,
        basis.open_amount,
        basis.due_amount,
        policy_year.year_from,
        policy_year.year_to,
        policy_year.window_from,
        policy_year.window_to,
        policy_year.apply_by,
        policy_year.pay_by,
        policy.title,
        policy.cap,
        policy.threshold,
        policy.tested_at,
        case
            when not policy.is_application_required then '无需申请'
            when applied.is_applied then '已申请'
            when applied.is_pending then '审核中'
            else '未申请'
        end as state,
        tested.upper_part,
        tested.own_tested,
        tested.tested,
        tested.tested_limit,
        tested.tested_unshifted,
        tested.tested_due,
        tested.is_year_collected,
        tested.is_due_over,
        tested.is_due_perhaps_over,
        tested.is_known as is_threshold_known,
        tested.is_collected as is_threshold_collected,
        party.is_registered,
        basis.is_unmet as is_basis_unmet,
        coalesce(excluded.state_controlled and payer.state_controlled, false)
            as is_state_controlled,
        coalesce(excluded.budget_funded and payer.budget_funded, false) as is_budget_funded,
        tested.is_over as is_over_threshold,
        tested.is_perhaps_over as is_perhaps_over_threshold,
        union_register.is_there
        and (policy.requires_union or coalesce(excluded.prep_no_union, false))
        and undated.party_id is null
        and (
            union_org.party_id is null
            or union_org.founded_on > $as_of
            or coalesce(union_org.dissolved_on <= policy_year.window_from, false)
        ) as has_no_union,
        union_register.is_there
        and policy.requires_account
        and not coalesce(undated.has_account, false)
        and not coalesce(union_org.has_account and union_org.account_opened_on <= $as_of, false)
            as has_no_account,
        coalesce(
            policy.requires_union
            and (
                union_org.founded_on > policy_year.year_to
                or union_org.dissolved_on <= $as_of
                or (union_org.party_id is null and undated.party_id is not null)
            ),
            false
        ) as is_union_doubted,
        policy.requires_on_time and coalesce(late.is_certain, false) as is_late,
        policy.requires_on_time and coalesce(not late.is_certain, false) as is_perhaps_late,
        policy.requires_paid_in_full or coalesce(excluded.underpaid, false) as is_full_required,
        tested.is_short,
        tested.is_perhaps_short,
        coalesce(mode.is_known, true) as is_mode_known,
        open_day.party_id is not null as is_day_open
    from int_refund_basis as basis
    inner join ref_refund_year as policy_year
        on basis.policy = policy_year.policy and basis.year = policy_year.year
    inner join ref_refund_policy as policy on basis.policy = policy.policy
    inner join int_refund_tested as tested
        on
            basis.party_id = tested.party_id
            and basis.policy = tested.policy
            and basis.year = tested.year
    inner join party on basis.party_id = party.party_id
    cross join union_register
    left join excluded on basis.policy = excluded.policy
    left join int_payer as payer on basis.party_id = payer.party_id
    left join int_party_union as union_org on basis.party_id = union_org.party_id
    left join undated on basis.party_id = undated.party_id
    left join int_refund_applied as applied
        on
            basis.party_id = applied.party_id
            and basis.policy = applied.policy
            and basis.year = applied.year
    left join late
        on
            basis.party_id = late.party_id
            and basis.policy = late.policy
            and basis.year = late.year
    left join mode
        on
            basis.party_id = mode.party_id
            and basis.policy = mode.policy
            and basis.year = mode.year
    left join open_day
        on
            basis.party_id = open_day.party_id
            and basis.policy = open_day.policy
            and basis.year = open_day.year
    where $as_of > policy_year.year_to

),

judged as (

    select
        fact.*,
        is_basis_unmet
        or is_state_controlled
        or is_budget_funded
        or is_over_threshold
        or is_late
        or (has_no_union and is_registered) as is_ruled_out,
        is_contradicted
        or is_perhaps_over_threshold
        or has_no_account
        or is_perhaps_late
        or (has_no_union and not is_registered) as is_perhaps_ruled_out,
        is_full_required and (is_short or is_due_over) as is_underpaid,
        is_full_required and (is_perhaps_short or is_due_perhaps_over) as is_perhaps_underpaid,
        greatest(least(open_amount, coalesce(cap, open_amount)), 0) as refundable,
        greatest(least(met_amount, coalesce(cap, met_amount)), 0) as entitled,
        greatest(least(due_amount, coalesce(cap, due_amount)), 0) as due,
        concat_ws(
            '、',
            case
                when not is_basis_unmet then null
                when basis in ('miit300', 'nbs2017') then '不是小型、微型企业'
                when basis = 'vat_smallscale_150k' then '不符合增值税小规模纳税人标准'
                when basis = 'cit_small_profit' then '不符合小型微利企业标准'
                else '不在政策名单内'
            end,
            case when is_state_controlled then '国有控股' end,
            case when is_budget_funded then '财政拨款单位' end,
            case when is_over_threshold then '达到小额标准' end,
            case when has_no_union then '没有工会' end,
            case when is_late then '未按时缴纳' end,
            case when has_no_account and not has_no_union then '没有工会账户' end,
            case
                when is_contradicted and basis = 'vat_smallscale_150k' then '两种认定标准结果不同'
                when is_contradicted then '划型与计算不符'
            end,
            case when is_full_required and (is_short or is_due_over) then '未足额缴纳' end
        ) as sure_reasons,
        concat_ws(
            '、',
            case
                when is_perhaps_over_threshold and not is_over_threshold then '达到小额标准'
            end,
            case when is_perhaps_late and not is_late then '未按时缴纳' end,
            case
                when
                    is_full_required
                    and (is_perhaps_short or is_due_perhaps_over)
                    and not (is_short or is_due_over)
                    then '未足额缴纳'
            end,
            case
                when is_day_open or is_perhaps_over_threshold <> is_over_threshold
                    then '只有入库日期，缴款年度未定'
            end
        ) as open_reasons
    from fact

)

select
    party_id,
    policy,
    year,
    title,
    year_from,
    year_to,
    window_from,
    window_to,
    apply_by,
    pay_by,
    cap,
    threshold,
    tested_at,
    state,
    is_by_size,
    is_unknown,
    upper_part,
    own_tested,
    tested,
    tested_limit,
    tested_unshifted,
    tested_due,
    is_due_over,
    is_due_perhaps_over,
    is_year_collected,
    is_day_open,
    is_registered,
    is_ruled_out,
    is_perhaps_ruled_out,
    is_underpaid,
    is_perhaps_underpaid,
    is_ruled_out
    or is_underpaid
    or has_no_union
    or has_no_account
    or not is_threshold_collected as is_ineligible,
    is_perhaps_ruled_out
    or is_perhaps_underpaid
    or is_union_doubted
    or not is_mode_known
    or is_day_open
    or not is_threshold_known as is_doubted,
    sure_reasons,
    concat_ws('、', nullif(sure_reasons, ''), nullif(open_reasons, '')) as reasons,
    cast(refundable as decimal(18, 2)) as refundable,
    cast(entitled as decimal(18, 2)) as entitled,
    cast(due as decimal(18, 2)) as due,
    cast(case when is_ruled_out or is_underpaid then 0 else refundable end as decimal(18, 2))
        as entitlement
from judged

-- one row per eligible party, refund policy and policy year: what had to be paid out by now less
-- what was refunded (under policies that do not combine as well), and how it was applied for
-- of policies that may be had together, one fen is owed once: all refunds and claims of a year are
-- at most what the widest policy refunds
-- is_certain: eligible and paid out by a known day
with

counted as (  -- the policy's own refunds and those of policies that do not combine with it

    select
        party_id,
        policy,
        year,
        amount,
        is_doubtful
    from int_refund_line
    where is_in_window
    union all
    select
        party_id,
        policy,
        year,
        amount,
        is_doubtful
    from int_refund_apart
    union all  -- other years that a refund for several years may be for
    select
        refund.party_id,
        refund.policy,
        payment.year,
        cast(0 as decimal(18, 2)) as amount,
        true as is_doubtful
    from int_refund_line as refund
    inner join int_refund_row as payment
        on
            refund.party_id = payment.party_id
            and refund.policy = payment.policy
            and refund.period_from <= payment.period_from
            and refund.period_to >= payment.period_to
    where refund.is_across

),

against as (

    select
        party_id,
        policy,
        year,
        sum(amount) as refunded,
        bool_or(is_doubtful) as is_doubtful
    from counted
    group by party_id, policy, year

),

paid_back as (

    select
        party_id,
        year,
        sum(amount) as amount
    from int_refund_line
    where is_in_window
    group by party_id, year

),

not_with as (

    select distinct policy from ref_refund_not_with

),

opened as (

    select
        entitled.party_id,
        entitled.policy,
        entitled.year,
        entitled.title,
        entitled.year_from,
        entitled.year_to,
        entitled.apply_by,
        entitled.pay_by,
        entitled.cap,
        entitled.upper_part,
        entitled.entitled,
        entitled.due,
        cast(coalesce(against.refunded, 0) as decimal(18, 2)) as refunded,
        entitled.state,
        not entitled.is_doubted and not coalesce(against.is_doubtful, false) as is_certain,
        concat_ws(
            '、',
            nullif(entitled.reasons, ''),
            case when against.is_doubtful then '返还归属未定' end
        ) as reasons,
        case when not_with.policy is null then entitled.policy else '' end as policy_group,
        paid_back.amount as amount_back
    from int_refund_entitled as entitled
    left join paid_back
        on entitled.party_id = paid_back.party_id and entitled.year = paid_back.year
    left join not_with on entitled.policy = not_with.policy
    left join against
        on
            entitled.party_id = against.party_id
            and entitled.policy = against.policy
            and entitled.year = against.year
    where not entitled.is_ineligible and entitled.entitled > 0

),

ranked as (  -- of policies that do not combine, only the applied one that gives most is owed

    select
        opened.*,
        row_number() over (
            partition by party_id, year, policy_group
            order by state = '未申请' asc, due desc, policy asc
        ) as turn,
        max(greatest(upper_part, entitled)) over (partition by party_id, year)
        - coalesce(amount_back, 0) as room
    from opened

),

owed as (

    select
        ranked.*,
        case when state = '未申请' or turn > 1 then 0 else due - refunded end as still_owed
    from ranked

),

in_turn as (

    select
        owed.*,
        greatest(
            room + greatest(still_owed, 0) - sum(greatest(still_owed, 0)) over (
                partition by party_id, year
                order by still_owed desc, policy asc
                rows between unbounded preceding and current row
            ), 0
        ) as left_room
    from owed

)

select
    party_id,
    policy,
    year,
    title,
    year_from,
    year_to,
    apply_by,
    pay_by,
    cap,
    upper_part,
    entitled,
    cast(
        case when still_owed > left_room then refunded + left_room else due end as decimal(18, 2)
    ) as due,
    refunded,
    state,
    is_certain,
    concat_ws(
        '、',
        nullif(reasons, ''),
        case when still_owed > left_room then '与其他政策合计以上级部分为限' end
    ) as reasons,
    cast(least(still_owed, left_room) as decimal(18, 2)) as unpaid,
    cast(least(entitled - refunded, room) as decimal(18, 2)) as unclaimed
from in_turn

-- TRN-14 wrong-standard
-- grain: one row per class_no and direction
-- a shortfall is owed for heads that are listed, approved and not recovered as ineligible, once the
-- class is over; a class too short of hours, recovered whole by TRN-11, is owed nothing for certain
-- is_common: one payment, or several for the same heads; where that is none, nothing is short
with

eligible as (

    select
        trainee.class_no,
        count(*) as heads,
        count(trainee.subsidy) as own_count,
        sum(trainee.subsidy) as own_sum
    from stg_trainee as trainee
    left join int_trainee_claim as claim
        on trainee.class_no = claim.class_no and trainee.id_token = claim.id_token
    where not trainee.is_repeat and claim.class_no is null
    group by trainee.class_no

),

known as (  -- a class without eligible heads has no sure_own_count, so that nothing is certain

    select
        money.*,
        short.class_no is not null as is_too_short,
        eligible.own_count as sure_own_count,
        cast(coalesce(eligible.own_sum, 0) as decimal(18, 2)) as sure_own_sum,
        least(money.due_heads, eligible.heads, money.sure_heads) as eligible_heads
    from int_class_money as money
    left join eligible on money.class_no = eligible.class_no
    left join int_class_short as short on money.class_no = short.class_no

),

compared as (

    select
        known.*,
        'recover' as side,
        cast(amount - expected as decimal(18, 2)) as gap,
        due_heads as used_heads,
        own_count as used_own_count,
        own_sum as used_own_sum,
        has_twin or due_heads < heads or is_unsure or lacks_heads as is_open
    from known
    union all
    select
        known.*,
        'give_back' as side,
        cast(expected - amount as decimal(18, 2)) as gap,
        due_heads as used_heads,
        own_count as used_own_count,
        own_sum as used_own_sum,
        true as is_open
    from known
    union all
    select
        known.*,
        'give_back' as side,
        least(
            cast(
                sure_own_sum + (eligible_heads - sure_own_count) * unit - amount
                as decimal(18, 2)
            ),
            cast(expected - amount as decimal(18, 2))
        ) as gap,
        eligible_heads as used_heads,
        sure_own_count as used_own_count,
        sure_own_sum as used_own_sum,
        false as is_open
    from known
    where
        not has_twin
        and not is_unsure
        and not is_too_short
        and report_on <= $as_of
        and is_common
        and eligible_heads >= sure_own_count
        and expected is not null

),

chosen as (  -- of a shortfall what is certain, where anything is

    select *
    from compared
    where gap > $tolerance_money_yuan
    qualify row_number() over (partition by class_no, side order by is_open asc) = 1

),

worded as (

    select
        chosen.*,
        cast(case when side = 'recover' then amount - gap else amount + gap end as decimal(18, 2))
            as due_now,
        case
            when used_own_count = 0 then cast(used_heads as varchar) || '×' || cast(unit as varchar)
            when used_own_count >= used_heads then cast(used_own_sum as varchar)
            else
                '(' || cast(used_own_sum as varchar) || '+(' || cast(used_heads as varchar) || '−'
                || cast(used_own_count as varchar) || ')×' || cast(unit as varchar) || ')'
        end as due_text
    from chosen

)

select
    class_no,
    party_id,
    party_name,
    period,
    case when is_open then 'verify' else side end as direction,
    side,
    gap as amount,
    due_now as expected,
    amount as actual,
    case
        when side = 'recover' then cast(amount as varchar) || '−' || due_text
        else due_text || '−' || cast(amount as varchar)
    end || '=' || cast(gap as varchar) as formula,
    'class_price|' || class_no as money_key,
    report_on as report_from,
    report_on as report_to,
    case when is_too_short and side = 'give_back' then starts_on end as hours_on,
    used_heads as heads,
    unit,
    case
        when not is_open then ''
        when is_unsure then '；班次编号重复而内容不同，或收款方不止一个，须先核实'
        when has_twin then '；有两笔各项相同的拨付，须先核实是否同一笔'
        when lacks_heads then '；有一笔拨付没有补助人数，须先核实'
        when side = 'recover' then '；几笔拨付的人数相加超过核定或共同的人数'
        when is_too_short then '；计划课时不足，见TRN-11'
        when report_on > $as_of then '；班期未结束'
        else '；少拨的人数未经名册、核定和资格核实，见TRN-12'
    end as note
from worded
order by class_no, side

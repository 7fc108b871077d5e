-- TRN-12 more-heads-than-listed
-- grain: one row per class_no
with

person_claim as (  -- what is recovered person by person

    select
        class_no,
        sum(amount) as amount
    from int_trainee_claim
    group by class_no

),

counted as (

    select
        money.*,
        least(money.listed, money.approved_heads) as certain_heads,
        cast(
            money.claimable - coalesce(person_claim.amount, 0) as decimal(18, 2)
        ) as not_claimed
    from int_class_money as money
    left join person_claim on money.class_no = person_claim.class_no

),

bounded as (  -- of a class paid short, only what goes beyond the heads that are certain

    select
        counted.*,
        case
            when standard is null then not_claimed
            else
                least(
                    not_claimed,
                    cast(
                        amount - own_sum - greatest(certain_heads - own_count, 0) * unit
                        as decimal(18, 2)
                    )
                )
        end as left_over
    from counted

),

hit as (  -- heads beyond those listed or approved; a class above the size limit is to be looked at

    select
        bounded.*,
        heads > certain_heads and left_over > 0
        and not is_added and not has_twin and not is_unsure as is_certain,
        case when heads > certain_heads then certain_heads else most_heads end as allowed_heads
    from bounded
    where heads > certain_heads or heads > most_heads

),

priced as (

    select
        hit.*,
        heads - allowed_heads as excess_heads,
        cast((heads - allowed_heads) * unit as decimal(18, 2)) as excess,
        '(' || cast(heads as varchar) || '−' || cast(allowed_heads as varchar) || ')×'
        || cast(unit as varchar) as operation
    from hit

)

select
    class_no,
    party_id,
    party_name,
    period,
    case when is_certain then 'recover' else 'verify' end as direction,
    case when is_certain then least(excess, left_over) else excess end as amount,
    cast(allowed_heads * unit as decimal(18, 2)) as expected,
    cast(heads * unit as decimal(18, 2)) as actual,
    case
        when is_certain and excess > left_over
            then
                'min(' || operation || ',' || cast(left_over as varchar) || ')='
                || cast(left_over as varchar)
        else operation || '=' || cast(excess as varchar)
    end as formula,
    'class_heads|' || class_no as money_key,
    report_on as report_from,
    report_on as report_to,
    policy_on,
    heads,
    listed,
    approved_heads,
    excess_heads
from priced
order by class_no

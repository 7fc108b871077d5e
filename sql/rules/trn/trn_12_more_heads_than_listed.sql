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
        money.class_no,
        least(money.listed, coalesce(money.approved_heads, money.listed)) as allowed_heads,
        policy.training_max_class_size as most_heads,
        cast(
            money.claimable - coalesce(person_claim.amount, 0) as decimal(18, 2)
        ) as left_over
    from int_class_money as money
    inner join ref_policy_day as policy on money.policy_on = policy.day
    left join person_claim on money.class_no = person_claim.class_no

),

hit as (  -- heads beyond those listed or approved; a class above the size limit is to be looked at

    select
        money.class_no,
        counted.left_over,
        case
            when money.heads > counted.allowed_heads and counted.left_over > 0 then 'recover'
            else 'verify'
        end as direction,
        case
            when money.heads > counted.allowed_heads then counted.allowed_heads
            else counted.most_heads
        end as allowed_heads
    from counted
    inner join int_class_money as money on counted.class_no = money.class_no
    where money.heads > counted.allowed_heads or money.heads > counted.most_heads

),

priced as (

    select
        hit.class_no,
        hit.direction,
        hit.allowed_heads,
        hit.left_over,
        money.heads - hit.allowed_heads as excess_heads,
        cast((money.heads - hit.allowed_heads) * money.unit as decimal(18, 2)) as excess
    from hit
    inner join int_class_money as money on hit.class_no = money.class_no

)

select
    money.class_no,
    money.party_id,
    money.party_name,
    money.period,
    priced.direction,
    case
        when priced.direction = 'recover' then least(priced.excess, priced.left_over)
        else priced.excess
    end as amount,
    cast(priced.allowed_heads * money.unit as decimal(18, 2)) as expected,
    cast(money.heads * money.unit as decimal(18, 2)) as actual,
    case
        when priced.direction = 'recover' and priced.excess > priced.left_over
            then
                'min((' || cast(money.heads as varchar) || '−'
                || cast(priced.allowed_heads as varchar) || ')×' || cast(money.unit as varchar)
                || ',' || cast(priced.left_over as varchar) || ')='
                || cast(priced.left_over as varchar)
        else
            '(' || cast(money.heads as varchar) || '−' || cast(priced.allowed_heads as varchar)
            || ')×' || cast(money.unit as varchar) || '=' || cast(priced.excess as varchar)
    end as formula,
    'class_heads|' || money.class_no as money_key,
    money.report_on as report_from,
    money.report_on as report_to,
    money.policy_on,
    money.heads,
    money.listed,
    money.approved_heads,
    priced.excess_heads
from priced
inner join int_class_money as money on priced.class_no = money.class_no
order by money.class_no;

select
    found.exception_no,
    payment.row_id
from found
inner join stg_training_payment as payment on found.class_no = payment.class_no
where not payment.is_repeat and not payment.is_reversed
union all
select
    found.exception_no,
    class.row_id
from found
inner join stg_training_class as class on found.class_no = class.class_no

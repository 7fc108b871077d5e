-- TRN-16 provider-doubtful
-- grain: one row per class_no
with

fresh as (  -- classes that a provider began within the days after its accreditation

    select
        class.class_no,
        class.provider_key,
        policy.training_accreditation_classes as many_classes,
        count(*) over (partition by class.provider_key) as classes
    from stg_training_class as class
    inner join ref_policy_day as policy on class.starts_on = policy.day
    where
        class.provider_key is not null
        and date_diff('day', class.accredited_on, class.starts_on)
        between 0 and policy.training_accreditation_days

),

busy as (  -- later class of two that share a teacher or a room on the same days

    select
        later.class_no,
        true as is_teacher,
        false as is_venue,
        earlier.class_no as other_class_no
    from stg_training_class as later
    inner join stg_training_class as earlier
        on
            (
                later.starts_on > earlier.starts_on
                or (later.starts_on = earlier.starts_on and later.class_no > earlier.class_no)
            )
            and later.starts_on <= earlier.ends_on
            and later.teacher = earlier.teacher
    union all
    select
        later.class_no,
        false as is_teacher,
        true as is_venue,
        earlier.class_no as other_class_no
    from stg_training_class as later
    inner join stg_training_class as earlier
        on
            (
                later.starts_on > earlier.starts_on
                or (later.starts_on = earlier.starts_on and later.class_no > earlier.class_no)
            )
            and later.starts_on <= earlier.ends_on
            and later.venue = earlier.venue

),

busy_class as (

    select
        class_no,
        bool_or(is_teacher) as is_teacher,
        bool_or(is_venue) as is_venue,
        min(other_class_no) as other_class_no
    from busy
    group by class_no

),

judged as (

    select
        class.class_no,
        class.starts_on,
        class.ends_on,
        class.provider,
        class.trade,
        class.accredited_on,
        party_of_class.party_id,
        party_of_class.party_name,
        money.amount,
        busy_class.other_class_no,
        strpos(class.licence_trades, class.trade) = 0 as is_unlicensed,
        class.starts_on < class.accredited_on as is_too_early,
        fresh.classes >= fresh.many_classes as is_rush,
        busy_class.is_teacher,
        busy_class.is_venue
    from stg_training_class as class
    inner join int_class_party as party_of_class on class.class_no = party_of_class.class_no
    left join int_class_money as money on class.class_no = money.class_no
    left join fresh on class.class_no = fresh.class_no
    left join busy_class on class.class_no = busy_class.class_no

)

select
    class_no,
    party_id,
    party_name,
    period_text(starts_on, ends_on) as period,
    'verify' as direction,
    amount,
    cast(null as decimal(18, 2)) as expected,
    amount as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    ends_on as report_from,
    ends_on as report_to,
    starts_on,
    provider,
    trade,
    accredited_on,
    other_class_no,
    rtrim(
        case when is_unlicensed then '工种不在许可范围；' else '' end
        || case when is_too_early then '认定之前开班；' else '' end
        || case when is_rush then '认定后集中开班；' else '' end
        || case when is_teacher then '教师同时在两班授课；' else '' end
        || case when is_venue then '场地同时有两班；' else '' end,
        '；'
    ) as reasons
from judged
where is_unlicensed or is_too_early or is_rush or is_teacher or is_venue
order by class_no

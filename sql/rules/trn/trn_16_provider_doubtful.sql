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
        busy_class.other_class_no,
        coalesce(strpos(class.licence_trades, class.trade) = 0, false) as is_unlicensed,
        coalesce(class.starts_on < class.accredited_on, false) as is_too_early,
        coalesce(fresh.classes >= fresh.many_classes, false) as is_rush,
        coalesce(busy_class.is_teacher, false) as is_teacher,
        coalesce(busy_class.is_venue, false) as is_venue
    from stg_training_class as class
    left join fresh on class.class_no = fresh.class_no
    left join busy_class on class.class_no = busy_class.class_no

)

select
    class.class_no,
    coalesce(
        money.party_id, by_name.party_id, 'N:' || class.provider_key, class.employer_party_id
    ) as party_id,
    coalesce(money.party_name, class.provider, class.employer) as party_name,
    period_text(class.starts_on, class.ends_on) as period,
    'verify' as direction,
    money.amount,
    cast(null as decimal(18, 2)) as expected,
    money.amount as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    class.ends_on as report_from,
    class.ends_on as report_to,
    class.starts_on,
    class.provider,
    class.trade,
    class.accredited_on,
    judged.other_class_no,
    rtrim(
        case when judged.is_unlicensed then '工种不在许可范围；' else '' end
        || case when judged.is_too_early then '认定之前开班；' else '' end
        || case when judged.is_rush then '认定后集中开班；' else '' end
        || case when judged.is_teacher then '教师同时在两班授课；' else '' end
        || case when judged.is_venue then '场地同时有两班；' else '' end,
        '；'
    ) as reasons
from judged
inner join stg_training_class as class on judged.class_no = class.class_no
left join int_class_money as money on class.class_no = money.class_no
left join party_of_name as by_name on class.provider_key = by_name.name_key
where
    judged.is_unlicensed or judged.is_too_early or judged.is_rush
    or judged.is_teacher or judged.is_venue
order by class.class_no;

select
    found.exception_no,
    class.row_id
from found
inner join stg_training_class as class on found.class_no = class.class_no
union all
select
    found.exception_no,
    class.row_id
from found
inner join stg_training_class as class on found.other_class_no = class.class_no

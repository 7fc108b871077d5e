-- one row per class and listed person, with what the number tells (birth date, sex, fault), what
-- was paid for the person and to whom
-- sex: null where the list and a number that holds together contradict each other
-- subsidy: the person's own, else the class's unit; null where the class was not paid
select
    trainee.row_id,
    trainee.class_no,
    trainee.id_token,
    trainee.id_no,
    trainee.name,
    identity.fault as id_fault,
    identity.born_on,
    case
        when identity.fault is not null or coalesce(trainee.sex = identity.sex, true)
            then coalesce(trainee.sex, identity.sex)
    end as sex,
    coalesce(trainee.employer, class.employer) as employer,
    coalesce(trainee.employer_party_id, class.employer_party_id) as employer_party_id,
    trainee.is_member,
    coalesce(trainee.trade, class.trade) as trade,
    coalesce(trainee.level, class.level) as level,
    trainee.hours,
    trainee.post_type,
    trainee.passed,
    trainee.cert_no,
    trainee.cert_on,
    class.starts_on,
    class.ends_on,
    class.planned_hours,
    coalesce(money.policy_on, class.starts_on) as policy_on,
    coalesce(money.report_on, class.ends_on) as report_on,
    coalesce(money.period, period_text(class.starts_on, class.ends_on)) as period,
    coalesce(money.party_id, party_of_class.party_id) as party_id,
    coalesce(money.party_name, party_of_class.party_name) as party_name,
    coalesce(trainee.subsidy, money.unit) > 0 and money.class_no is not null as is_paid,
    case when money.class_no is not null then coalesce(trainee.subsidy, money.unit) end as subsidy,
    case
        when trainee.subsidy is not null or money.standard is not null
            then
                '1×' || cast(coalesce(trainee.subsidy, money.standard) as varchar) || '='
                || cast(coalesce(trainee.subsidy, money.standard) as varchar)
        else
            cast(money.amount as varchar) || '/' || cast(money.heads as varchar) || '='
            || cast(money.unit as varchar)
    end as formula,
    'trainee_subsidy|' || trainee.id_token || '|' || trainee.class_no as money_key
from stg_trainee as trainee
left join stg_training_class as class on trainee.class_no = class.class_no
left join int_class_money as money on trainee.class_no = money.class_no
left join int_identity as identity on trainee.id_no = identity.id_no
left join int_class_party as party_of_class on trainee.class_no = party_of_class.class_no
where not trainee.is_repeat

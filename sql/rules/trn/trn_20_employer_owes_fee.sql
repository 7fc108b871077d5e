-- TRN-20 employer-owes-fee
-- grain: one row per class_no and employer_party_id
with

owed as (  -- years in which an employer remitted nothing for a month, or too little

    select
        party_id,
        year(month) as fee_year,
        'REM-01' as fee_rule
    from int_fee_missing
    union all
    select
        party_id,
        year(span_to) as fee_year,
        'REM-02' as fee_rule
    from int_fee_gap
    where is_short

),

barred as (  -- the year itself and the next one

    select
        party_id,
        fee_year as class_year,
        fee_rule
    from owed
    union all
    select
        party_id,
        fee_year + 1 as class_year,
        fee_rule
    from owed

),

barred_year as (

    select
        party_id,
        class_year,
        min(fee_rule) as fee_rule
    from barred
    group by party_id, class_year

),

employer_class as (

    select
        trainee.class_no,
        trainee.employer_party_id,
        min(trainee.employer) as employer,
        barred_year.fee_rule,
        count(*) as heads,
        sum(trainee.subsidy) as subsidy
    from int_trainee as trainee
    inner join ref_policy_day as policy
        on trainee.starts_on = policy.day and policy.training_requires_paid_fee
    inner join barred_year
        on
            trainee.employer_party_id = barred_year.party_id
            and year(trainee.starts_on) = barred_year.class_year
    where trainee.is_paid
    group by trainee.class_no, trainee.employer_party_id, barred_year.fee_rule

)

select
    money.class_no,
    employer_class.employer_party_id,
    money.party_id,
    money.party_name,
    money.period,
    'verify' as direction,
    cast(employer_class.subsidy as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(employer_class.subsidy as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    money.report_on as report_from,
    money.report_on as report_to,
    money.starts_on,
    employer_class.employer,
    employer_class.heads,
    employer_class.fee_rule
from int_class_money as money
inner join employer_class on money.class_no = employer_class.class_no
order by money.class_no, employer_class.employer_party_id

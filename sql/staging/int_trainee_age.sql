-- one row per paid trainee whose number tells the birth date: full months of age at class start,
-- and the statutory retirement age of the birth month, sex and post
-- with the post or the sex unknown two ages are possible: early_months and late_months
-- is_certain: nothing is wrong with the number that tells the birth date
with

aged as (

    select
        trainee.class_no,
        trainee.id_token,
        trainee.starts_on,
        trainee.sex,
        trainee.post_type,
        trainee.id_fault is null as is_certain,
        cast(date_trunc('month', trainee.born_on) as date) as birth_month,
        (year(trainee.starts_on) - year(trainee.born_on)) * 12
        + month(trainee.starts_on) - month(trainee.born_on)
        - case when day(trainee.starts_on) < day(trainee.born_on) then 1 else 0 end
            as age_months,
        policy.training_min_age * 12 as least_months
    from int_trainee as trainee
    inner join ref_policy_day as policy on trainee.starts_on = policy.day
    where trainee.is_paid and trainee.born_on is not null

),

retirement as (

    select
        aged.class_no,
        aged.id_token,
        min(ages.age_months) as early_months,
        max(ages.age_months) as late_months
    from aged
    inner join ref_retirement as ages
        on
            aged.birth_month = ages.birth_month
            and coalesce(aged.sex, ages.sex) = ages.sex
            and coalesce(aged.post_type, ages.post_type) = ages.post_type
    group by aged.class_no, aged.id_token

)

select
    aged.class_no,
    aged.id_token,
    aged.sex,
    aged.post_type,
    aged.age_months,
    aged.least_months,
    aged.age_months < aged.least_months as is_young,
    aged.is_certain,
    retirement.early_months,
    retirement.late_months
from aged
left join retirement
    on aged.class_no = retirement.class_no and aged.id_token = retirement.id_token

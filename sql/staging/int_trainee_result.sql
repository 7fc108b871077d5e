-- one row per paid trainee whose result or certificate says something
-- has_failed and lacks_cert (no certificate of a class that is over) are certain; a certificate
-- dated before the class or with a number that another person holds too is a doubt
with

cert_holder as (

    select
        cert_no,
        count(distinct id_token) as holders
    from stg_trainee
    where cert_no is not null
    group by cert_no

),

known as (  -- does any file give certificate numbers at all

    select count(*) > 0 as has_certs
    from ref_given_column
    where table_name || '.' || column_name = 'trainee.cert_no'

),

judged as (

    select
        trainee.class_no,
        trainee.id_token,
        coalesce(not trainee.passed, false) as has_failed,
        coalesce(
            policy.training_requires_cert and trainee.cert_no is null
            and known.has_certs and trainee.report_on <= $as_of,
            false
        ) as lacks_cert,
        coalesce(trainee.cert_on < trainee.starts_on, false) as is_cert_early,
        coalesce(cert_holder.holders > 1, false) as is_cert_shared
    from int_trainee as trainee
    left join ref_policy_day as policy on trainee.policy_on = policy.day
    inner join known on known.has_certs is not null
    left join cert_holder on trainee.cert_no = cert_holder.cert_no
    where trainee.is_paid

)

select
    class_no,
    id_token,
    has_failed,
    lacks_cert,
    is_cert_early,
    is_cert_shared
from judged

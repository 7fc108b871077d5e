-- TRN-13 failed-or-uncertified
-- grain: one row per class_no and id_token
with

hit as (  -- failed, without the certificate asked for, or with a doubtful one

    select
        class_no,
        id_token,
        has_failed or lacks_cert as is_certain,
        lacks_cert and not has_failed as hangs_on_cert,
        case when has_failed then '不合格；' else '' end
        || case when lacks_cert then '无证书；' else '' end
        || case when is_cert_early then '发证早于开班；' else '' end
        || case when is_cert_shared then '证书编号与他人重复；' else '' end as reasons
    from int_trainee_result
    where has_failed or lacks_cert or is_cert_early or is_cert_shared

)

select
    trainee.class_no,
    trainee.id_token,
    trainee.party_id,
    trainee.party_name,
    trainee.period,
    case when claim.amount is null then 'verify' else 'recover' end as direction,
    coalesce(claim.amount, trainee.subsidy) as amount,
    case when claim.amount is not null then cast(0 as decimal(18, 2)) end as expected,
    coalesce(claim.amount, trainee.subsidy) as actual,
    coalesce(claim.formula, trainee.formula) as formula,
    trainee.money_key,
    trainee.report_on as report_from,
    trainee.report_on as report_to,
    case when hit.hangs_on_cert then trainee.starts_on end as asked_on,
    trainee.name,
    trainee.id_no,
    rtrim(hit.reasons, '；') as reasons,
    trainee.cert_no,
    trainee.cert_on
from int_trainee as trainee
inner join hit on trainee.class_no = hit.class_no and trainee.id_token = hit.id_token
left join int_trainee_claim as claim
    on
        trainee.class_no = claim.class_no
        and trainee.id_token = claim.id_token
        and hit.is_certain
order by trainee.class_no, trainee.id_token

-- trainees: one row per source row, with the party of the employer
-- is_repeat: the person stands on the list of the class already
select
    source.row_id,
    source.class_no,
    source.name,
    source.id_no,
    source.id_no_token as id_token,
    source.sex,
    source.employer,
    source.employer_uscc,
    mention.party_id as employer_party_id,
    source.is_member,
    source.trade,
    source.level,
    source.hours,
    source.post_type,
    source.passed,
    source.cert_no,
    source.cert_on,
    source.subsidy,
    row_number() over (
        partition by source.class_no, source.id_no_token
        order by source.subsidy is null asc, source.row_id asc
    ) > 1 as is_repeat
from src_trainee as source
left join party_of_mention as mention
    on
        coalesce(source.employer_uscc, '') = mention.code_key
        and coalesce(source.employer_key, '') = mention.name_key

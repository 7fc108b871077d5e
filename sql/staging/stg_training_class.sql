-- training classes: one row per class number (the first row where a number repeats),
-- with the party of the employer that ordered the class
select
    source.row_id,
    source.class_no,
    source.class_name,
    source.programme,
    source.provider,
    source.provider_key,
    source.provider_account,
    source.employer,
    source.employer_key,
    source.employer_uscc,
    mention.party_id as employer_party_id,
    source.trade,
    source.level,
    source.starts_on,
    source.ends_on,
    source.planned_hours,
    source.approved_heads,
    source.standard,
    source.agreement_no,
    source.accepted_on,
    source.licence_trades,
    source.accredited_on,
    source.teacher,
    source.venue,
    source.advance_agreed
from src_training_class as source
left join party_of_mention as mention
    on
        coalesce(source.employer_uscc, '') = mention.code_key
        and coalesce(source.employer_key, '') = mention.name_key
qualify row_number() over (partition by source.class_no order by source.row_id asc) = 1

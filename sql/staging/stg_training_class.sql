-- training classes: one row per class number (the first row where a number repeats),
-- with the party of the employer that ordered the class
-- is_unclear: another row of the number gives other days, heads or another standard
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
    source.advance_agreed,
    coalesce(
        min(source.starts_on) over same_class <> max(source.starts_on) over same_class
        or min(source.ends_on) over same_class <> max(source.ends_on) over same_class
        or min(source.approved_heads) over same_class <> max(source.approved_heads) over same_class
        or min(source.standard) over same_class <> max(source.standard) over same_class,
        false
    ) as is_unclear
from src_training_class as source
left join party_of_mention as mention
    on
        coalesce(source.employer_uscc, '') = mention.code_key
        and coalesce(source.employer_key, '') = mention.name_key
window same_class as (partition by source.class_no)
qualify row_number() over (partition by source.class_no order by source.row_id asc) = 1

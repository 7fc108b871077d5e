-- payroll: one row per source row, with its party
select
    source.row_id,
    mention.party_id,
    source.payer_uscc,
    source.payer_name,
    source.month,
    source.wages,
    source.headcount,
    source.evidence
from src_payroll as source
inner join party_of_mention as mention
    on
        coalesce(source.payer_uscc, '') = mention.code_key
        and coalesce(source.payer_name_key, '') = mention.name_key

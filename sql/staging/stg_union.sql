-- unions: one row per row of the union register, with the employer's party
-- a union covered by its parent counts from the day of the approval; an account without a date
-- counts from the founding day
select
    source.row_id,
    mention.party_id,
    source.payer_name,
    source.payer_uscc,
    source.union_name,
    source.union_name_key,
    source.union_uscc,
    coalesce(source.union_uscc, 'U:' || source.union_name_key) as union_id,
    coalesce(source.is_joint, false) as is_joint,
    coalesce(source.covered_by_parent, false) as covered_by_parent,
    source.covered_from,
    case
        when source.covered_by_parent and source.covered_from is not null
            then least(source.covered_from, coalesce(source.founded_on, source.covered_from))
        else source.founded_on
    end as founded_on,
    source.dissolved_on,
    source.account_no is not null or source.account_opened_on is not null as has_account,
    case
        when source.account_no is not null or source.account_opened_on is not null
            then coalesce(source.account_opened_on, source.founded_on)
    end as account_opened_on,
    source.account_name,
    source.account_name_key,
    source.account_no,
    source.chair,
    source.address,
    source.phone,
    source.elected_on,
    source.term_years,
    source.extended_to,
    source.members,
    source.workers
from src_union_org as source
left join party_of_mention as mention
    on
        coalesce(source.payer_uscc, '') = mention.code_key
        and coalesce(source.payer_name_key, '') = mention.name_key

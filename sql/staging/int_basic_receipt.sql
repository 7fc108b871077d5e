-- money in on a basic union's own account from its employer (or without a named payer), per party
select
    union_org.party_id,
    bank.row_id,
    bank.posted_on,
    bank.amount,
    bank.party_id = union_org.party_id
    or bank.party_name_key is null as is_from_employer
from stg_bank_txn as bank
inner join stg_union as union_org on bank.account_no = union_org.account_no
left join ref_self_account as own on bank.account_no = own.account_no
where
    own.account_no is null
    and union_org.party_id is not null
    and not union_org.is_joint

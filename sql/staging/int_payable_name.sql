-- one row per union and name by which it may be paid, with its account
-- a name is the union's or its account's, with the employer's former name in place of the present
-- one as well, or confirmed by the user
select
    party_id,
    union_name_key as name_key,
    account_no
from stg_union
union all
select
    party_id,
    account_name_key as name_key,
    account_no
from stg_union
where account_name_key is not null
union all
select
    union_org.party_id,
    replace(
        coalesce(union_org.account_name_key, union_org.union_name_key),
        registered.name_key, former.name_key
    ) as name_key,
    union_org.account_no
from stg_union as union_org
inner join party_canonical as registered on union_org.party_id = registered.party_id
inner join src_payer_former as former on registered.code = former.payer_uscc
union all
select
    union_org.party_id,
    confirmed.name_key,
    union_org.account_no
from stg_union as union_org
inner join src_alias as confirmed on union_org.party_id = confirmed.party_id

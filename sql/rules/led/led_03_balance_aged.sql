-- LED-03 current-account-aged
-- grain: one row per account_code and party_key
select
    account.account_code,
    account.party_key,
    case
        when account.aux_party is null then 'N:' || account.account_name
        when person.name_key is null then coalesce(account.party_id, 'N:' || account.party_key)
    end as party_id,
    coalesce(account.aux_party, account.account_name) as party_name,
    person.name_key is not null as is_person,
    '' as period,
    'verify' as direction,
    abs(account.closing) as amount,
    cast(0 as decimal(18, 2)) as expected,
    abs(account.closing) as actual,
    cast(null as varchar) as formula,
    case  -- money of the preparation fund: what is due back of it is PRE-07's
        when
            fund.party_id is not null
            and (account.holds_prep or contains(account.account_name, '筹备金'))
            then 'prep_return|' || account.party_id
    end as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    account.row_id as balance_row_id,
    account.account_name,
    account.unmoved_since,
    policy.ledger_aged_months as aged_months
from int_current_account as account
inner join ref_policy_day as policy on account.unmoved_since = policy.day
left join int_prep_fund as fund on account.party_id = fund.party_id
left join int_person_name as person on account.party_key = person.name_key
where
    account.closing <> 0
    and $as_of > add_months(account.unmoved_since, policy.ledger_aged_months)
order by account.account_code, account.party_key

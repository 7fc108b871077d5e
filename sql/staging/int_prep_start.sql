-- one row per payment of preparation fund: the first day of liability under the start rule in force
-- is_uncalled: the whole period lies before that day (or, under a rule that starts from the list,
-- the payer is not on the list) and before the union's own months; is_cut: it straddles that day
-- starts_on is null where the register does not say when the unit opened
-- a register without a column for the day of listing says of nobody that it is not on the list
with

known_list as (

    select count(*) > 0 as has_list
    from ref_given_column
    where table_name || '.' || column_name = 'payer.prep_listed_on'

),

dated as (  -- the day that starts liability, by the rule in force at the period's first day

    select
        payment.row_id,
        payment.party_id,
        payment.period_from,
        payment.period_to,
        payment.paid,
        policy.prep_start_rule,
        payer.row_id is not null and known_list.has_list as is_judged_payer,
        case policy.prep_start_rule
            when 'list_plus_1m' then add_months(date_trunc('month', payer.prep_listed_on), 1)
            when 'list_day' then payer.prep_listed_on
            when 'open_plus_12m'
                then add_months(date_trunc('month', add_months(payer.opened_on, 12)), 1)
            else add_months(date_trunc('month', add_months(payer.opened_on, 6)), 1)
        end as starts_on,
        add_months(date_trunc('month', organised.founded_on), 1) as union_from
    from int_payment as payment
    inner join ref_policy_day as policy on payment.period_from = policy.day
    cross join known_list
    left join int_payer as payer on payment.party_id = payer.party_id
    left join int_party_union as organised on payment.party_id = organised.party_id
    where payment.item = '建会筹备金'

)

select
    row_id,
    party_id,
    period_from,
    period_to,
    paid,
    prep_start_rule,
    starts_on,
    (union_from is null or period_from < union_from)
    and (
        coalesce(period_to < starts_on, false)
        or (
            prep_start_rule in ('list_plus_1m', 'list_day')
            and is_judged_payer
            and starts_on is null
        )
    ) as is_uncalled,
    (union_from is null or period_from < union_from)
    and coalesce(period_from < starts_on and period_to >= starts_on, false) as is_cut
from dated

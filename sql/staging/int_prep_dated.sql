-- payers that the start rule in force on the as-of day can judge: by the list every one, where the
-- register has a column for it, else those with an opening day
with

known_list as (

    select count(*) > 0 as has_list
    from ref_given_column
    where table_name || '.' || column_name = 'payer.prep_listed_on'

)

select payer.row_id
from int_payer as payer
cross join known_list
inner join ref_policy_day as policy on policy.day = $as_of
where
    case
        when policy.prep_start_rule in ('list_plus_1m', 'list_day') then known_list.has_list
        else payer.opened_on is not null
    end

-- payers that the start rule in force on the as-of day can judge: every one by the list, else those
-- with an opening day
select payer.row_id
from int_payer as payer
inner join ref_policy_day as policy on policy.day = $as_of
where policy.prep_start_rule in ('list_plus_1m', 'list_day') or payer.opened_on is not null

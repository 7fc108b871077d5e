-- one row per paid class that is settled at actual cost, with the last day to return what is left
select
    money.class_no,
    money.starts_on,
    money.amount,
    add_days(money.ends_on, policy.training_return_days) as due_on
from int_class_money as money
inner join ref_policy_day as policy on money.starts_on = policy.day
where policy.training_settlement = 'actual_cost'

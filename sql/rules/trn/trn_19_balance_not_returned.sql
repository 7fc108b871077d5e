-- TRN-19 balance-not-returned
-- grain: one row per class_no
with

valid_expense as (

    select
        class_no,
        greatest(sum(amount), 0) as amount
    from int_expense_line
    where is_allowed and not is_cash and not is_out_of_time
    group by class_no

),

recovered as (  -- what other rules recover of the class, each fen once

    select
        money_key,
        max(
            case
                when money_key like 'trainee_subsidy|%' then split_part(money_key, '|', 3)
                else split_part(money_key, '|', 2)
            end
        ) as class_no,
        max(amount) as amount
    from exception_item
    where rule like 'TRN-%' and direction = 'recover'
    group by money_key

),

elsewhere as (

    select
        class_no,
        sum(amount) as amount
    from recovered
    group by class_no

),

balance as (

    select
        settled.class_no,
        settled.starts_on,
        settled.due_on,
        settled.amount as received,
        cast(coalesce(valid_expense.amount, 0) as decimal(18, 2)) as spent,
        cast(coalesce(elsewhere.amount, 0) as decimal(18, 2)) as elsewhere
    from int_class_settled as settled
    left join valid_expense on settled.class_no = valid_expense.class_no
    left join elsewhere on settled.class_no = elsewhere.class_no
    where $as_of > settled.due_on

)

select
    money.class_no,
    money.party_id,
    money.party_name,
    money.period,
    case when money.is_unsure then 'verify' else 'recover' end as direction,
    cast(balance.received - balance.spent - balance.elsewhere as decimal(18, 2)) as amount,
    cast(balance.spent + balance.elsewhere as decimal(18, 2)) as expected,
    balance.received as actual,
    cast(balance.received as varchar) || '−' || cast(balance.spent as varchar)
    || case
        when balance.elsewhere > 0 then '−' || cast(balance.elsewhere as varchar)
        else ''
    end
    || '=' || cast(balance.received - balance.spent - balance.elsewhere as varchar) as formula,
    'class_balance|' || money.class_no as money_key,
    money.report_on as report_from,
    money.report_on as report_to,
    balance.starts_on,
    balance.due_on,
    balance.spent,
    balance.elsewhere
from int_class_money as money
inner join balance
    on
        money.class_no = balance.class_no
        and balance.received - balance.spent - balance.elsewhere > $tolerance_money_yuan
order by money.class_no

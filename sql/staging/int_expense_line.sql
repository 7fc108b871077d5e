-- one row per expense line that counts, with its class and what is wrong with it
-- amount: less what a later line below zero of the same class, category and payee takes back
-- (returned), lines with a fault first; what takes back more than that stands as a line of its own
-- a missing invoice is asked about only where some file has a column for it
with

known_invoice as (

    select count(*) > 0 as has_invoices
    from ref_given_column
    where table_name || '.' || column_name = 'training_expense.invoice_no'

),

placed as (

    select
        expense.row_id,
        expense.class_no,
        expense.category,
        expense.amount,
        expense.spent_on,
        expense.payee,
        coalesce(expense.payee_key, '') as payee_text,
        expense.invoice_no,
        expense.method,
        expense.line_key,
        class.starts_on,
        class.ends_on,
        coalesce(class.starts_on, expense.spent_on) as policy_on,
        coalesce(class.ends_on, expense.spent_on) as report_on,
        case
            when class.starts_on is null then strftime(expense.spent_on, '%Y-%m')
            else period_text(class.starts_on, class.ends_on)
        end as period,
        money.class_no is not null as is_paid,
        coalesce(
            money.party_id, party_of_class.party_id, 'N:' || expense.payee_key
        ) as party_id,
        coalesce(money.party_name, party_of_class.party_name, expense.payee) as party_name
    from stg_training_expense as expense
    left join stg_training_class as class on expense.class_no = class.class_no
    left join int_class_money as money on expense.class_no = money.class_no
    left join int_class_party as party_of_class on expense.class_no = party_of_class.class_no
    where not expense.is_reversed

),

judged as (

    select
        placed.*,
        allowed.item_no is not null as is_allowed,
        placed.amount > 0 and allowed.item_no is null as is_out_of_scope,
        placed.amount > 0 and coalesce(strpos(placed.method, '现金') > 0, false) as is_cash,
        placed.amount > 0
        and coalesce(
            date_diff('day', placed.spent_on, placed.starts_on) > policy.training_expense_days
            or date_diff('day', placed.ends_on, placed.spent_on) > policy.training_expense_days,
            false
        ) as is_out_of_time,
        placed.amount > 0
        and placed.invoice_no is null
        and known_invoice.has_invoices as lacks_invoice
    from placed
    inner join known_invoice on known_invoice.has_invoices is not null
    inner join ref_policy_day as policy on placed.policy_on = policy.day
    left join ref_policy_item as allowed
        on
            allowed.name = 'training.allowed_categories'
            and regexp_replace(placed.category, '费$', '')
            = regexp_replace(allowed.item_text, '费$', '')
            and placed.policy_on >= allowed.starts_on
            and placed.policy_on < allowed.ends_on

),

dated as (  -- a line below zero takes back from its key's first expense on

    select
        judged.*,
        amount < 0 and coalesce(
            spent_on >= min(case when amount > 0 then spent_on end) over (
                partition by class_no, category, payee_text
            ),
            false
        ) as is_return
    from judged

),

summed as (

    select
        dated.*,
        coalesce(
            sum(case when is_return then -amount end) over (
                partition by class_no, category, payee_text
            ),
            0
        ) as returns,
        sum(abs(amount)) over (
            partition by class_no, category, payee_text, amount > 0, is_return
            order by is_cash or is_out_of_time desc, lacks_invoice desc, spent_on desc, row_id desc
            rows between unbounded preceding and current row
        ) as running,
        coalesce(
            sum(case when amount > 0 then amount end) over (
                partition by class_no, category, payee_text
            ),
            0
        ) as spent
    from dated

),

netted as (

    select
        summed.*,
        case
            when amount > 0 then greatest(least(amount, returns - (running - amount)), 0)
            when is_return then -greatest(least(-amount, spent - (running + amount)), 0)
            else 0
        end as returned
    from summed

)

select
    row_id,
    class_no,
    category,
    spent_on,
    payee,
    payee_text,
    invoice_no,
    method,
    line_key,
    is_return,
    starts_on,
    ends_on,
    policy_on,
    report_on,
    period,
    is_paid,
    party_id,
    party_name,
    is_allowed,
    is_out_of_scope,
    is_cash,
    is_out_of_time,
    lacks_invoice,
    cast(amount - returned as decimal(18, 2)) as amount,
    cast(returned as decimal(18, 2)) as returned
from netted

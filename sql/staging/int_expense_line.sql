-- one row per expense line that counts, with its class and what is wrong with it
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

)

select
    placed.*,
    placed.amount > 0 and allowed.item_no is null as is_out_of_scope,
    placed.amount > 0 and coalesce(strpos(placed.method, '现金') > 0, false) as is_cash,
    placed.amount > 0
    and coalesce(
        date_diff('day', placed.spent_on, placed.starts_on) > policy.training_expense_days
        or date_diff('day', placed.ends_on, placed.spent_on) > policy.training_expense_days,
        false
    ) as is_out_of_time,
    placed.amount > 0 and placed.invoice_no is null and known_invoice.has_invoices as lacks_invoice
from placed
inner join known_invoice on known_invoice.has_invoices is not null
inner join ref_policy_day as policy on placed.policy_on = policy.day
left join ref_policy_item as allowed
    on
        allowed.name = 'training.allowed_categories'
        and regexp_replace(placed.category, '费$', '') = regexp_replace(allowed.item_text, '费$', '')
        and placed.policy_on >= allowed.starts_on
        and placed.policy_on < allowed.ends_on

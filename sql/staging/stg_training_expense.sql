-- expense lines of classes: one row per source row
-- line_key: the line's own content, with a number where lines are alike
-- is_reversed: cancelled by a later negative line of class, category, payee and amount,
-- or such a line itself
with

stacked as (  -- expenses push, reversals pop

    select
        row_id,
        class_no,
        category,
        abs(amount) as size_yuan,
        amount > 0 as is_expense,
        coalesce(payee_key, '') as payee_text,
        sum(case when amount > 0 then 1 else -1 end) over (
            partition by class_no, category, coalesce(payee_key, ''), abs(amount)
            order by spent_on asc, amount desc, row_id asc
            rows between unbounded preceding and current row
        ) as height,
        row_number() over (
            partition by class_no, category, coalesce(payee_key, ''), abs(amount)
            order by spent_on asc, amount desc, row_id asc
        ) as step
    from src_training_expense
    where amount <> 0

),

floored as (  -- a reversal with nothing to take back lowers the floor instead

    select
        stacked.*,
        height + case when is_expense then 0 else 1 end - least(
            0,
            coalesce(
                min(height) over (
                    partition by class_no, category, payee_text, size_yuan
                    order by step asc
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )
        ) as depth
    from stacked

),

ranked as (  -- depth: the level that a row stands on or takes away

    select
        floored.*,
        row_number() over (
            partition by class_no, category, payee_text, size_yuan, depth, is_expense
            order by step asc
        ) as turn
    from floored
    where depth > 0

),

reversed as (

    select
        expense.row_id as expense_row_id,
        reversal.row_id as reversal_row_id
    from ranked as expense
    inner join ranked as reversal
        on
            expense.class_no = reversal.class_no
            and expense.category = reversal.category
            and expense.payee_text = reversal.payee_text
            and expense.size_yuan = reversal.size_yuan
            and expense.depth = reversal.depth
            and expense.turn = reversal.turn
    where expense.is_expense and not reversal.is_expense

),

cancelled as (

    select expense_row_id as row_id from reversed
    union all
    select reversal_row_id as row_id from reversed

),

keyed as (

    select
        source.*,
        class_no || '|' || category || '|' || cast(spent_on as varchar) || '|'
        || cast(amount as varchar) || '|' || coalesce(payee_key, '') || '|'
        || coalesce(invoice_no, '') as content
    from src_training_expense as source

)

select
    keyed.row_id,
    keyed.class_no,
    keyed.category,
    keyed.amount,
    keyed.spent_on,
    keyed.payee,
    keyed.payee_key,
    keyed.invoice_no,
    keyed.method,
    keyed.content || '|' || cast(
        row_number() over (partition by keyed.content order by keyed.row_id asc) as varchar
    ) as line_key,
    cancelled.row_id is not null as is_reversed
from keyed
left join cancelled on keyed.row_id = cancelled.row_id

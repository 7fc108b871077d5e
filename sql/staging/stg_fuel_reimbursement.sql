-- fuel paid without the card: one row per source row; copy_no numbers equal rows
-- is_repeat: the same invoice listed again; is_reversed: cancelled by a negative row, or such a row
with

numbered as (

    select
        source.row_id,
        source.plate,
        source.spent_on,
        source.amount,
        source.invoice_no,
        source.method,
        row_number() over (
            partition by source.plate, source.spent_on, source.amount, source.invoice_no
            order by source.row_id asc
        ) as copy_no
    from src_fuel_reimbursement as source

),

stacked as (  -- payments push, reversals pop

    select
        row_id,
        plate,
        coalesce(invoice_no, '') as invoice_text,
        abs(amount) as size_yuan,
        amount > 0 as is_payment,
        sum(case when amount > 0 then 1 else -1 end) over (
            partition by plate, coalesce(invoice_no, ''), abs(amount)
            order by spent_on asc, amount desc, row_id asc
            rows between unbounded preceding and current row
        ) as height,
        row_number() over (
            partition by plate, coalesce(invoice_no, ''), abs(amount)
            order by spent_on asc, amount desc, row_id asc
        ) as step
    from numbered
    where invoice_no is null or copy_no = 1

),

floored as (  -- a reversal with nothing to take back lowers the floor instead

    select
        stacked.*,
        height + case when is_payment then 0 else 1 end - least(
            0,
            min(height) over (
                partition by plate, invoice_text, size_yuan
                order by step asc
                rows between unbounded preceding and 1 preceding
            )
        ) as depth
    from stacked

),

ranked as (  -- depth: the level that a row stands on or takes away, 0 for nothing

    select
        floored.*,
        row_number() over (
            partition by plate, invoice_text, size_yuan, depth, is_payment
            order by step asc
        ) as turn
    from floored

),

reversed as (  -- the latest earlier payment of the same car, invoice and amount

    select
        paid.row_id,
        back.row_id as back_row_id
    from ranked as paid
    inner join ranked as back
        on
            paid.plate = back.plate
            and paid.invoice_text = back.invoice_text
            and paid.size_yuan = back.size_yuan
            and paid.depth = back.depth
            and paid.turn = back.turn
    where paid.is_payment and not back.is_payment

),

cancelled as (

    select row_id from reversed
    union all
    select back_row_id as row_id from reversed

)

select
    numbered.row_id,
    numbered.plate,
    numbered.spent_on,
    numbered.amount,
    numbered.invoice_no,
    numbered.method,
    numbered.copy_no,
    numbered.invoice_no is not null and numbered.copy_no > 1 as is_repeat,
    cancelled.row_id is not null as is_reversed
from numbered
left join cancelled on numbered.row_id = cancelled.row_id

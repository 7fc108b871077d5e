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

turned as (

    select
        numbered.*,
        row_number() over (
            partition by plate, coalesce(invoice_no, ''), abs(amount), amount > 0
            order by spent_on desc, row_id desc
        ) as turn
    from numbered
    where invoice_no is null or copy_no = 1

),

reversed as (

    select
        paid.row_id,
        back.row_id as back_row_id
    from turned as paid
    inner join turned as back
        on
            paid.plate = back.plate
            and coalesce(paid.invoice_no, '') = coalesce(back.invoice_no, '')
            and paid.amount = -back.amount
            and paid.turn = back.turn
    where paid.amount > 0 and paid.spent_on <= back.spent_on

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

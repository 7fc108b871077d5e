-- ledger and bank lines of the years that show what came from the upper level: a line under 403, or
-- bank money whose purpose says refund
with

seen as (

    select extract(year from received_on) as year
    from int_upper_income
    union
    select year
    from int_refund_receipt

)

select entry.row_id
from stg_gl_entry as entry
inner join seen on extract(year from entry.entry_on) = seen.year
union all
select line.row_id
from stg_bank_txn as line
inner join seen on extract(year from line.posted_on) = seen.year

-- one row per ended year: top-ups of fuel cards that the books show as spent when they were paid,
-- less what was put back, and what the cards still held at the year's end
with

expensed as (

    select
        year,
        cast(sum(amount) as decimal(18, 2)) as expensed
    from int_topup_expense
    group by year

),

unspent as (

    select
        extract(year from month) as year,
        cast(sum(closing) as decimal(18, 2)) as unspent
    from stg_fuel_balance
    where extract(month from month) = 12 and month_end <= $as_of and closing > 0
    group by extract(year from month)

)

select
    expensed.year,
    expensed.expensed,
    unspent.unspent,
    cast(least(expensed.expensed, unspent.unspent) as decimal(18, 2)) as amount
from expensed
inner join unspent on expensed.year = unspent.year

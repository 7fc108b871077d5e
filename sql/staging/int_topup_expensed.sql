-- one row per ended year: top-ups of fuel cards that the books show as spent when they were paid,
-- less what was put back, and what the cards still held at the year's end
with

topup_line as (  -- expense lines of vouchers that speak of a card or a top-up and move money

    select
        extract(year from line.entry_on) as year,
        line.row_id,
        line.amount,
        line.account_name,
        line.account_kind
    from stg_gl_entry as line
    inner join int_fuel_voucher as voucher
        on line.entry_on = voucher.entry_on and line.voucher_no = voucher.voucher_no
    where voucher.is_topup
    union
    select
        extract(year from line.entry_on) as year,
        line.row_id,
        line.amount,
        line.account_name,
        line.account_kind
    from stg_gl_entry as line
    where
        line.amount < 0
        and regexp_matches(coalesce(line.summary, ''), '油卡|油.*充值|充值.*油')

),

expensed as (

    select
        year,
        cast(sum(amount) as decimal(18, 2)) as expensed
    from topup_line
    where
        account_kind = 'expense'
        or (
            account_kind is null
            and regexp_matches(account_name, '支出|费用|运行费|维护费|燃油费|油费|交通费')
            and not regexp_matches(account_name, '预付|备用金|应收|待摊')
        )
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

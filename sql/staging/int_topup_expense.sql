-- one row per ledger line that charges a top-up of fuel cards to expense when it was paid, or puts
-- it back: expense lines of vouchers that speak of a card or a top-up and move money, red ones by
-- their own words
with

topup_line as (

    select
        line.row_id,
        line.entry_on,
        line.amount,
        line.account_name,
        line.account_kind
    from stg_gl_entry as line
    inner join int_fuel_voucher as voucher
        on line.entry_on = voucher.entry_on and line.voucher_no = voucher.voucher_no
    where voucher.is_topup
    union
    select
        row_id,
        entry_on,
        amount,
        account_name,
        account_kind
    from stg_gl_entry
    where amount < 0 and regexp_matches(coalesce(summary, ''), '油卡|油.*充值|充值.*油')

)

select
    row_id,
    extract(year from entry_on) as year,
    amount
from topup_line
where
    account_kind = 'expense'
    or (
        account_kind is null
        and regexp_matches(account_name, '支出|费用|运行费|维护费|燃油费|油费|交通费')
        and not regexp_matches(account_name, '预付|备用金|应收|待摊')
    )

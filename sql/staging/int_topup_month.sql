-- one row per month that cards and ledger both know: the top-ups and what the ledger shows of them
-- top-ups and vouchers that the matcher (topup_ledger) puts together agree, then the sum of a day
-- with a voucher of the same amount within match.window_days, also across the month's end; what is
-- left is compared within the month
with

topup as (

    select
        row_id,
        txn_on,
        cast(date_trunc('month', txn_on) as date) as month,
        movement as amount
    from stg_fuel_txn
    where kind = '充值' and movement > 0 and not is_repeat and not is_reversed

),

settled as (

    select
        line_id as row_id,
        side
    from match_line
    where pairing = 'topup_ledger' and class in ('matched', 'confirmed')

),

open_topup as (

    select topup.*
    from topup
    left join settled on settled.side = 'a' and topup.row_id = settled.row_id
    where settled.row_id is null

),

open_voucher as (

    select voucher.*
    from int_fuel_voucher as voucher
    left join settled on settled.side = 'b' and voucher.row_id = settled.row_id
    where settled.row_id is null

),

day_sum as (

    select
        txn_on,
        sum(amount) as amount
    from open_topup
    group by txn_on

),

day_turn as (

    select
        day_sum.*,
        row_number() over (partition by amount order by txn_on asc) as turn
    from day_sum

),

open_turn as (

    select
        open_voucher.*,
        row_number() over (partition by amount order by entry_on asc, voucher_no asc) as turn
    from open_voucher

),

daily as (

    select
        day_turn.txn_on,
        open_turn.row_id as voucher_row_id
    from day_turn
    inner join open_turn
        on day_turn.amount = open_turn.amount and day_turn.turn = open_turn.turn
    where abs(date_diff('day', day_turn.txn_on, open_turn.entry_on)) <= $match_window_days

),

topped as (

    select
        topup.month,
        sum(topup.amount) as topped,
        sum(
            case
                when open_topup.row_id is not null and daily.txn_on is null then topup.amount
                else 0
            end
        ) as topped_open
    from topup
    left join open_topup on topup.row_id = open_topup.row_id
    left join daily on topup.txn_on = daily.txn_on
    group by topup.month

),

booked as (

    select
        cast(date_trunc('month', voucher.entry_on) as date) as month,
        sum(case when voucher.is_topup then voucher.amount else 0 end) as booked_open,
        sum(case when voucher.is_topup then 0 else voucher.amount end) as other_open
    from open_voucher as voucher
    left join daily on voucher.row_id = daily.voucher_row_id
    where daily.txn_on is null
    group by cast(date_trunc('month', voucher.entry_on) as date)

),

known as (  -- months with card transactions and ledger lines, in a ledger that shows fuel at all

    select distinct cast(date_trunc('month', txn_on) as date) as month
    from stg_fuel_txn
    intersect
    select distinct cast(date_trunc('month', entry_on) as date) as month
    from stg_gl_entry

),

fuel_book as (

    select count(*) as vouchers from int_fuel_voucher

)

select
    known.month,
    month_of.month_end,
    cast(coalesce(topped.topped, 0) as decimal(18, 2)) as topped,
    cast(coalesce(topped.topped_open, 0) as decimal(18, 2)) as topped_open,
    cast(coalesce(booked.booked_open, 0) as decimal(18, 2)) as booked_open,
    cast(coalesce(booked.other_open, 0) as decimal(18, 2)) as other_open
from known
cross join fuel_book
inner join ref_month as month_of on known.month = month_of.month
left join topped on known.month = topped.month
left join booked on known.month = booked.month
where fuel_book.vouchers > 0

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

day_voucher as (  -- the sum of a day and the vouchers that may be it, numbered by day

    select
        day_sum.txn_on,
        day_sum.amount,
        voucher.row_id as voucher_row_id,
        dense_rank() over (
            partition by day_sum.amount
            order by voucher.entry_on asc, voucher.voucher_no asc, voucher.row_id asc
        ) as line_no
    from day_sum
    inner join open_voucher as voucher on day_sum.amount = voucher.amount
    where abs(date_diff('day', day_sum.txn_on, voucher.entry_on)) <= $match_window_days

),

waiting as (

    select
        txn_on,
        amount,
        min(line_no) as first_line,
        max(line_no) as last_line,
        row_number() over (partition by amount order by txn_on asc) as place
    from day_voucher
    group by txn_on, amount

),

shifted as (  -- what an earlier day, and the vouchers there are since, leave to a later one

    select
        later.txn_on,
        later.amount,
        later.place,
        least(
            earlier.first_line - earlier.place,
            min(later.last_line - later.place) over (
                partition by earlier.amount, earlier.place
                order by later.place asc
                rows between unbounded preceding and current row
            )
        ) as ahead
    from waiting as earlier
    inner join waiting as later
        on earlier.amount = later.amount and earlier.place <= later.place

),

served as (  -- line_no: the last voucher that is gone when a day had its turn

    select
        txn_on,
        amount,
        place,
        max(ahead) + place as line_no
    from shifted
    group by txn_on, amount, place

),

daily as (

    select
        served.txn_on,
        day_voucher.voucher_row_id
    from served
    inner join day_voucher
        on
            served.txn_on = day_voucher.txn_on
            and served.amount = day_voucher.amount
            and served.line_no = day_voucher.line_no
    qualify row_number() over (
        partition by served.amount, served.line_no order by served.place asc
    ) = 1

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

-- one row per payment whose basic part the settlement states: matched by voucher, party and amount;
-- a settlement line for a voucher of several payments is shared out by what was paid
with

line as (

    select
        row_id,
        party_id,
        voucher_no,
        gross,
        to_basic,
        row_number() over (
            partition by voucher_no, party_id, gross order by row_id asc
        ) as turn
    from stg_settlement
    where voucher_no is not null and to_basic is not null

),

payment as (

    select
        row_id,
        party_id,
        voucher_no,
        paid,
        row_number() over (
            partition by voucher_no, party_id, paid order by row_id asc
        ) as turn
    from int_payment
    where item = '工会经费'

),

exact as (

    select
        payment.row_id,
        line.row_id as settlement_row_id,
        line.to_basic as basic
    from payment
    inner join line
        on
            payment.voucher_no = line.voucher_no
            and payment.party_id = line.party_id
            and payment.paid = line.gross
            and payment.turn = line.turn

),

voucher as (  -- one line that settles all payments of a voucher together

    select
        voucher_no,
        party_id,
        min(row_id) as settlement_row_id,
        sum(gross) as gross,
        sum(to_basic) as to_basic
    from line
    group by voucher_no, party_id
    having count(*) = 1

),

shared as (

    select
        payment.row_id,
        voucher.settlement_row_id,
        voucher.gross,
        voucher.to_basic,
        payment.paid,
        sum(payment.paid) over (
            partition by payment.voucher_no, payment.party_id
        ) as voucher_paid,
        sum(payment.paid) over (
            partition by payment.voucher_no, payment.party_id
            order by payment.row_id asc
            rows between unbounded preceding and current row
        ) as running
    from payment
    inner join voucher
        on payment.voucher_no = voucher.voucher_no and payment.party_id = voucher.party_id

)

select
    row_id,
    settlement_row_id,
    basic
from exact
union all
select
    shared.row_id,
    shared.settlement_row_id,
    cast(
        div_half_up(shared.to_basic * shared.running, shared.gross)
        - div_half_up(shared.to_basic * (shared.running - shared.paid), shared.gross)
        as decimal(18, 2)
    ) as basic
from shared
left join exact on shared.row_id = exact.row_id
where exact.row_id is null and shared.gross = shared.voucher_paid and shared.gross <> 0

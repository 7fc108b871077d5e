-- vouchers of the ledger that pay for fuel: money out of bank and cash, one row per voucher
-- is_topup: the voucher speaks of a card or a top-up; the others about fuel may be anything
with

worded as (

    select
        row_id,
        entry_on,
        voucher_no,
        amount,
        coalesce(account_kind, '') in ('bank', 'quota', 'cash')
        or regexp_matches(account_name, '资金结存|财政拨款收入|财政补助收入') as is_money,
        coalesce(summary, '') || ' ' || account_name || ' ' || coalesce(aux_party, '') as said
    from stg_gl_entry

)

select
    entry_on,
    voucher_no,
    min(case when is_money then row_id end) as row_id,
    cast(sum(case when is_money then -amount else 0 end) as decimal(18, 2)) as amount,
    bool_or(regexp_matches(said, '油卡|油.*充值|充值.*油')) as is_topup
from worded
group by entry_on, voucher_no
having
    bool_or(regexp_matches(said, '石油|石化|中油|油卡|加油|燃油|油费'))
    and sum(case when is_money then -amount else 0 end) > 0

-- money out of bank and cash in the ledger (as positive), of vouchers that speak of fuel
with

fuel_voucher as (

    select distinct
        entry_on,
        voucher_no
    from stg_gl_entry
    where
        regexp_matches(
            coalesce(summary, '') || ' ' || account_name || ' ' || coalesce(aux_party, ''),
            '石油|石化|中油|油卡|加油|燃油|油费'
        )

)

select
    entry.row_id as line_id,
    entry.entry_on as day,
    cast(-entry.amount as decimal(18, 2)) as amount,
    cast(null as varchar) as party_id,
    cast(null as varchar) as reference,
    entry.summary as text_,
    entry.voucher_no as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from stg_gl_entry as entry
inner join fuel_voucher
    on entry.entry_on = fuel_voucher.entry_on and entry.voucher_no = fuel_voucher.voucher_no
where
    entry.amount < 0
    and regexp_matches(entry.account_name, '银行存款|零余额账户|库存现金')

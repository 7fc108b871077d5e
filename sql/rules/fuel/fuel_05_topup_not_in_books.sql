-- FUEL-05 topup-not-in-books
-- grain: one row per month
with

compared as (  -- vouchers about fuel that name no card may be the top-ups of the month, or not

    select
        topup.month,
        topup.month_end,
        topup.topped,
        topup.topped - topup.topped_open + case
            when topup.topped_open = topup.booked_open + topup.other_open then topup.topped_open
            else topup.booked_open
        end as booked
    from int_topup_month as topup

)

select
    compared.month,
    coalesce(by_name.party_id, 'N:' || self_unit.name_key) as party_id,
    self_unit.name as party_name,
    strftime(compared.month, '%Y-%m') as period,
    'verify' as direction,
    abs(compared.topped - compared.booked) as amount,
    compared.topped as expected,
    compared.booked as actual,
    cast(greatest(compared.topped, compared.booked) as varchar) || '−'
    || cast(least(compared.topped, compared.booked) as varchar) || '='
    || cast(abs(compared.topped - compared.booked) as varchar) as formula,
    'card_topup|' || strftime(compared.month, '%Y-%m') as money_key,
    compared.month as report_from,
    compared.month_end as report_to
from compared
cross join ref_self as self_unit
left join party_of_name as by_name on self_unit.name_key = by_name.name_key
where
    abs(compared.topped - compared.booked) > $tolerance_money_yuan
    and add_days(compared.month_end, $match_window_days) < $as_of
order by compared.month;

select
    found.exception_no,
    txn.row_id
from found
inner join stg_fuel_txn as txn on found.month = date_trunc('month', txn.txn_on)
where txn.kind = '充值'
union all
select
    found.exception_no,
    voucher.row_id
from found
inner join int_fuel_voucher as voucher on found.month = date_trunc('month', voucher.entry_on)

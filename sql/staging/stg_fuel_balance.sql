-- month-end balances of cards: one row per card and month; of repeated rows the first
select
    source.row_id,
    source.card_no,
    source.month,
    month_of.month_end,
    month_of.month_no,
    source.opening,
    source.closing,
    source.reserve,
    source.points
from src_fuel_balance as source
inner join ref_month as month_of on source.month = month_of.month
qualify row_number() over (
    partition by source.card_no, source.month
    order by source.row_id asc
) = 1

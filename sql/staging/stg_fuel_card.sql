-- fuel cards: one row per row of the card register; an empty status means in use,
-- unless a stop day that has passed says otherwise
select
    source.row_id,
    source.card_no,
    source.card_type,
    source.plate,
    source.holder,
    source.owner_unit,
    source.owner_unit_key,
    source.fuel_limit,
    coalesce(
        source.status, case when source.closed_on <= $as_of then '停用' else '正常' end
    ) as status,
    source.opened_on,
    source.closed_on
from src_fuel_card as source

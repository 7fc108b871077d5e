-- assets: one row per number, with the owner's name (the own unit's where none is given)
select
    asset.row_id,
    asset.asset_no,
    asset.asset_name,
    asset.original_value,
    asset.status,
    asset.disposed_on,
    asset.disposal_income,
    asset.approval_no,
    coalesce(by_name.party_id, 'N:' || coalesce(asset.owner_unit_key, own.name_key))
        as party_id,
    coalesce(asset.owner_unit, own.name) as party_name
from src_asset as asset
cross join ref_self as own
left join party_of_name as by_name
    on coalesce(asset.owner_unit_key, own.name_key) = by_name.name_key
qualify row_number() over (
    partition by asset.asset_no
    order by asset.row_id asc
) = 1

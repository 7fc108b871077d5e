-- AST-01 asset-missing
-- grain: one row per asset_no
with

last_count as (  -- the latest count of each asset by as-of

    select
        row_id,
        asset_no,
        counted_on,
        found
    from src_asset_count
    qualify row_number() over (
        partition by asset_no
        order by counted_on desc, found desc, row_id asc
    ) = 1

)

select
    last_count.asset_no,
    asset.party_id,
    asset.party_name,
    '' as period,
    'verify' as direction,
    asset.original_value as amount,
    asset.original_value as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    'asset|' || last_count.asset_no as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    last_count.row_id as count_row_id,
    asset.row_id as asset_row_id,
    coalesce(asset.asset_name, '台账中没有') as asset_name,
    last_count.counted_on
from last_count
left join int_asset as asset on last_count.asset_no = asset.asset_no
where
    not last_count.found
    and (asset.disposed_on is null or asset.disposed_on > last_count.counted_on)
order by last_count.asset_no

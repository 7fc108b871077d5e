-- AST-10 disposal-without-income
-- grain: one row per asset_no
select
    asset_no,
    party_id,
    party_name,
    strftime(disposed_on, '%Y-%m-%d') as period,
    'verify' as direction,
    original_value as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(coalesce(disposal_income, 0) as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    'asset|' || asset_no as money_key,
    disposed_on as report_from,
    disposed_on as report_to,
    row_id as asset_row_id,
    asset_name,
    disposed_on
from int_asset
where
    disposed_on <= $as_of
    and coalesce(disposal_income, 0) = 0
    and approval_no is null
order by asset_no

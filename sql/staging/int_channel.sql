-- the channels by which anything was collected that stands
select distinct channel
from stg_tax_collection
where channel is not null and not is_repeat and not is_reversed

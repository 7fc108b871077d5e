-- the channels by which anything was collected at all
select distinct channel
from int_collected
where channel is not null

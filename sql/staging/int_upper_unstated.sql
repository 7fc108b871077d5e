-- upper shares that arrive here and for which no settlement has a column
select header as period
from int_upper_share
where not is_given

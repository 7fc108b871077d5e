-- one row per name that stands for one union
select
    union_name_key,
    min(union_key) as union_key
from int_union_row
group by union_name_key
having count(distinct union_key) = 1

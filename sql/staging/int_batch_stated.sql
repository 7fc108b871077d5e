-- settlement batches that state a share of the own account
select batch_no
from int_batch
where expected is not null

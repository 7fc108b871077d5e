-- settlement batches: what of a batch should arrive on the own account (the shares received)
-- party_id: the batch, so that a line that names another batch is never taken for its amount
select
    min(row_id) as line_id,
    max(settled_on) as day,
    cast(coalesce(sum(amount), 0) as decimal(18, 2)) as amount,
    batch_no as party_id,
    batch_no as reference,
    cast(null as varchar) as text_,
    cast(null as varchar) as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from int_settlement_share
group by batch_no

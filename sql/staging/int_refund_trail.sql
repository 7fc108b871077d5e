-- the source rows behind the refunds of a party, policy and year: the payments that count in the
-- window, and the refunds
select
    party_id,
    policy,
    year,
    row_id
from int_refund_row
where is_in_window
union all
select
    party_id,
    policy,
    year,
    row_id
from int_refund_line

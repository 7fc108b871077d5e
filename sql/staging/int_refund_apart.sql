-- one row per refund in the window and policy that does not combine with the refund's own: paid
-- under the one, it counts against the other
select
    refund.row_id,
    refund.party_id,
    apart.policy,
    refund.year,
    refund.amount,
    refund.is_doubtful
from int_refund_line as refund
inner join ref_refund_not_with as apart on refund.policy = apart.other
where refund.is_in_window

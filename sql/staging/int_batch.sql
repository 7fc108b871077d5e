-- one row per settlement batch: what of it should arrive on the own account (the shares that
-- recon.toml lists under receives); expected is null where the settlement states none of them
select
    batch_no,
    min(settled_on) as first_settled_on,
    max(settled_on) as settled_on,
    cast(sum(amount) as decimal(18, 2)) as expected
from int_settlement_share
group by batch_no

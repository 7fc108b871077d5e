-- settlement batches: what of a batch should arrive on the own account (the shares received)
-- party_id: the batch, so that a line that names another batch is never taken for its amount
with

received as (  -- the columns of the settlement that arrive here; our own level once

    select distinct case receives.share when 'own' then self.level else receives.share end as share
    from ref_self_receives as receives
    cross join ref_self as self

),

share as (  -- the shares of one settlement line that arrive here

    select
        settlement.row_id,
        settlement.batch_no,
        settlement.settled_on,
        case received.share
            when 'acftu' then settlement.to_acftu
            when 'province' then settlement.to_province
            when 'city' then settlement.to_city
            when 'county' then settlement.to_county
            when 'town' then settlement.to_town
            when 'basic' then settlement.to_basic
            when 'prep' then settlement.to_prep
        end as amount
    from stg_settlement as settlement
    cross join received

)

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
from share
group by batch_no

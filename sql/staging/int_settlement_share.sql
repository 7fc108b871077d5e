-- what of a settlement line arrives on the own account: one row per line and share received
with

received as (  -- the columns of the settlement that arrive here; our own level once

    select distinct case receives.share when 'own' then self.level else receives.share end as share
    from ref_self_receives as receives
    cross join ref_self as self

)

select
    settlement.row_id,
    settlement.party_id,
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

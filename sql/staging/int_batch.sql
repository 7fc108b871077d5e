-- one row per settlement batch: what of it should arrive on the own account (the shares that
-- recon.toml lists under receives); expected is null where the settlement states none of them
with

received as (

    select distinct case receives.share when 'own' then self.level else receives.share end as share
    from ref_self_receives as receives
    cross join ref_self as self

),

arriving as (

    select
        settlement.batch_no,
        settlement.settled_on,
        settlement.row_id,
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
    batch_no,
    min(settled_on) as first_settled_on,
    max(settled_on) as settled_on,
    cast(sum(amount) as decimal(18, 2)) as expected
from arriving
group by batch_no

-- what a county tells its city: one row per person trained and paid, vehicle, card and union of its
-- registers, and per payer and year what it remitted and what it was refunded
-- identity stands here in clear and becomes a token before it leaves the county; payers and unions
-- without a code are left out: a name alone is no identity, and no more is a number that does not
-- hold together (cut or made up, several may share it): id_fault here, codes in rollup/county.py
with

place as (

    select
        source_row.row_id,
        source_file.path
        || case when source_row.sheet is null then '' else '#' || source_row.sheet end
        || '!' || cast(source_row.row_no as varchar) as place
    from source_row
    inner join source_file on source_row.file_id = source_file.file_id

),

item as (

    select
        'trained' as kind,
        id_no as identity,
        name as label,
        extract(year from coalesce(ends_on, starts_on)) as year,
        subsidy as amount,
        row_id,
        cast(null as varchar) as party_id
    from int_trainee
    where
        id_no is not null
        and id_fault is null
        and is_paid
        and coalesce(ends_on, starts_on) is not null
    union all
    select
        'vehicle' as kind,
        plate as identity,
        plate as label,
        cast(null as bigint) as year,
        cast(null as decimal(18, 2)) as amount,
        row_id,
        cast(null as varchar) as party_id
    from src_vehicle
    where plate is not null and disposed_on is null
    union all
    select
        'card' as kind,
        card_no as identity,
        card_no as label,
        cast(null as bigint) as year,
        cast(null as decimal(18, 2)) as amount,
        row_id,
        cast(null as varchar) as party_id
    from src_fuel_card
    where card_no is not null and closed_on is null
    union all
    select
        'union' as kind,
        union_uscc as identity,
        union_name as label,
        cast(null as bigint) as year,
        cast(null as decimal(18, 2)) as amount,
        row_id,
        union_uscc as party_id
    from src_union_org
    where union_uscc is not null and dissolved_on is null
    union all
    select
        'remitted' as kind,
        party.party_code as identity,
        party.party_name as label,
        extract(year from payment.period_from) as year,
        cast(sum(payment.paid) as decimal(18, 2)) as amount,
        min(payment.row_id) as row_id,
        party.party_id
    from stg_tax_collection as payment
    inner join party on payment.party_id = party.party_id
    where
        party.party_code is not null
        and not payment.is_repeat
        and not payment.is_reversed
        and payment.period_from is not null
    group by
        party.party_code, party.party_name, extract(year from payment.period_from), party.party_id
    having sum(payment.paid) > 0
    union all
    select
        'refunded' as kind,
        party.party_code as identity,
        party.party_name as label,
        extract(year from coalesce(refund.period_from, refund.paid_on)) as year,
        cast(sum(refund.amount) as decimal(18, 2)) as amount,
        min(refund.row_id) as row_id,
        party.party_id
    from stg_fund_transfer as refund
    inner join party on refund.party_id = party.party_id
    where
        refund.kind = '小微返还'
        and party.party_code is not null
        and not refund.is_returned
        and coalesce(refund.period_from, refund.paid_on) is not null
    group by
        party.party_code, party.party_name,
        extract(year from coalesce(refund.period_from, refund.paid_on)), party.party_id
    having sum(refund.amount) > 0

)

select
    item.kind,
    item.identity,
    item.label,
    item.year,
    item.amount,
    item.party_id,
    place.place
from item
inner join place on item.row_id = place.row_id
order by item.kind, item.identity, item.year, place.place

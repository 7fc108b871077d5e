-- one row per card number of the register, the transactions or the balances, with its owner:
-- the register's, else the owner of the car, else our own unit
-- row_id is null without a register row; is_active: in use on the as-of day by one car, neither a
-- main nor a bearer card
with

mentioned as (

    select card_no from src_fuel_card
    union
    select card_no from src_fuel_txn
    union
    select card_no from src_fuel_balance

),

registered as (  -- a number listed twice: the row in use, else the one opened last

    select
        row_id,
        card_no,
        card_type,
        plate,
        owner_unit,
        owner_unit_key,
        status,
        opened_on,
        closed_on
    from stg_fuel_card
    qualify row_number() over (
        partition by card_no
        order by status <> '正常' asc, opened_on desc nulls last, row_id asc
    ) = 1

),

used as (  -- the only plate that a card was used with

    select
        card_no,
        min(plate) as plate
    from src_fuel_txn
    where plate is not null
    group by card_no
    having count(distinct plate) = 1

),

gathered as (

    select
        mentioned.card_no,
        registered.row_id,
        registered.card_type,
        coalesce(registered.plate, used.plate) as plate,
        coalesce(registered.owner_unit, vehicle.owner_unit, self_unit.name) as owner_unit,
        case
            when registered.owner_unit_key is not null then registered.owner_unit_key
            when vehicle.owner_unit_key is not null then vehicle.owner_unit_key
            else self_unit.name_key
        end as owner_key,
        registered.status,
        registered.opened_on,
        registered.closed_on
    from mentioned
    cross join ref_self as self_unit
    left join registered on mentioned.card_no = registered.card_no
    left join used on mentioned.card_no = used.card_no
    left join stg_vehicle as vehicle
        on coalesce(registered.plate, used.plate) = vehicle.plate and vehicle.is_current

)

select
    gathered.card_no,
    gathered.row_id,
    gathered.card_type,
    gathered.plate,
    gathered.owner_unit,
    gathered.owner_key,
    coalesce(by_name.party_id, 'N:' || gathered.owner_key) as party_id,
    gathered.status,
    gathered.opened_on,
    gathered.closed_on,
    gathered.status = '正常'
    and (gathered.opened_on is null or gathered.opened_on <= $as_of)
    and (gathered.closed_on is null or gathered.closed_on > $as_of)
    and (gathered.card_type is null or gathered.card_type not in ('主卡', '不记名卡')) as is_active,
    case
        when length(gathered.card_no) > 4
            then substr(gathered.card_no, length(gathered.card_no) - 3, 4)
        else gathered.card_no
    end as card_last4
from gathered
left join party_of_name as by_name on gathered.owner_key = by_name.name_key

-- one row per party of the payer register, or whose rates tell it: how its fee is collected
-- mode: the register's, else what the party's own collection rows tell: a rate that is the whole of
-- fee.rate, or what is left of it after the basic part (rows that tell different things tell none);
-- null where neither tells it: fee.mode then stands in
-- is_unread: the register says a word that is no mode, and no channel by which anything was
-- collected that stands: then nothing is certain, whatever else tells a mode
with

listed as (  -- the row of the register that int_payer takes

    select
        party_id,
        collection_mode
    from stg_payer
    qualify row_number() over (
        partition by party_id
        order by
            opened_on is null asc,
            cancelled_on is null asc,
            collection_mode is null asc,
            row_id asc
    ) = 1

),

channel as (

    select distinct channel
    from stg_tax_collection
    where channel is not null and not is_repeat and not is_reversed

),

stated as (

    select
        listed.party_id,
        case
            when
                listed.collection_mode in ('全额代收', '部分代收', '财政划拨', '直接上缴')
                or channel.channel is not null
                then listed.collection_mode
        end as mode,
        listed.collection_mode is not null as is_stated
    from listed
    left join channel on listed.collection_mode = channel.channel

),

told as (

    select
        party_id,
        min(rate_mode) as mode
    from stg_tax_collection
    where item = '工会经费' and rate is not null and not is_repeat
    group by party_id
    having count(*) = count(rate_mode) and min(rate_mode) = max(rate_mode)

)

select
    coalesce(stated.party_id, told.party_id) as party_id,
    coalesce(stated.mode, told.mode) as mode,
    coalesce(stated.is_stated and stated.mode is null, false) as is_unread
from stated
full outer join told on stated.party_id = told.party_id

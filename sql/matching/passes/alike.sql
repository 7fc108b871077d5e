-- longer names that begin with a name that may be cut off; of a chain only the longest
with

length_of as (

    select distinct
        pairing_no,
        length(party_name) as characters
    from match_cut_name

),

named as (

    select distinct
        match_party.pairing_no,
        match_party.party_id,
        match_party.party_name
    from match_party
    inner join length_of
        on
            match_party.pairing_no = length_of.pairing_no
            and length(match_party.party_name) > length_of.characters

),

longer as (

    select distinct
        match_cut_name.pairing_no,
        match_cut_name.party_id,
        named.party_id as full_id
    from named
    inner join length_of
        on
            named.pairing_no = length_of.pairing_no
            and length(named.party_name) > length_of.characters
    inner join match_cut_name
        on
            named.pairing_no = match_cut_name.pairing_no
            and substr(named.party_name, 1, length_of.characters) = match_cut_name.party_name
    where named.party_id <> match_cut_name.party_id

),

cut as (

    select distinct
        pairing_no,
        party_id
    from longer

)

select
    longer.pairing_no,
    longer.party_id,
    longer.full_id
from longer
left join cut on longer.pairing_no = cut.pairing_no and longer.full_id = cut.party_id
where cut.party_id is null

-- the party that a line of the ledger states: its own, else the only one of its voucher, else the
-- one of the bank's or the register's that its wording names (付某某公司款); a unit that the wording
-- says was paid or has paid, and whose name no bank line's resembles, is a party of its own
with

stated as (

    select
        entry.row_id,
        entry.entry_on,
        entry.voucher_no,
        coalesce(entry.party_id, 'N:' || entry.aux_party_key) as party_id,
        entry.aux_party_key as name_key
    from stg_gl_entry as entry
    left join int_unstated_name as unstated
        on entry.aux_party_key = unstated.name_key and unstated.source = 'ledger'
    where entry.aux_party_key is not null and unstated.name_key is null

),

of_voucher as (

    select
        entry_on,
        voucher_no,
        min(party_id) as party_id,
        min(name_key) as name_key,
        count(distinct party_id) as parties
    from stated
    group by entry_on, voucher_no

),

unspoken as (  -- lines of vouchers that state no party, worded as names are compared

    select
        entry.row_id,
        replace(
            upper(regexp_replace(entry.summary, '[\s()（）]', '', 'g')), '有限责任公司', '有限公司'
        ) as said
    from stg_gl_entry as entry
    left join of_voucher
        on entry.entry_on = of_voucher.entry_on and entry.voucher_no = of_voucher.voucher_no
    where of_voucher.voucher_no is null and entry.summary is not null

),

silent as (  -- their wording up to the last word of a unit, and what comes behind it

    select
        row_id,
        regexp_extract(
            said, '.*(公司|委员会|工会|经营部|商行|中心|[局院校厂店会社所行站队])', 0
        ) as wording,
        regexp_replace(
            said, '.*(公司|委员会|工会|经营部|商行|中心|[局院校厂店会社所行站队])', ''
        ) as rest
    from unspoken

),

start_at as (

    select 1 as place
    union all
    select 2 as place
    union all
    select 3 as place
    union all
    select 4 as place
    union all
    select 5 as place

),

known as (  -- names of four characters or more that bank lines have

    select distinct
        bank.party_name_key as name_key,
        coalesce(bank.party_id, 'N:' || bank.party_name_key) as party_id
    from stg_bank_txn as bank
    left join int_unstated_name as unstated
        on bank.party_name_key = unstated.name_key and unstated.source = 'bank'
    where unstated.name_key is null and length(bank.party_name_key) >= 4

),

worded as (

    select
        silent.row_id,
        min(known.party_id) as party_id,
        min(known.name_key) as name_key
    from silent
    cross join start_at
    inner join known on substr(silent.wording, start_at.place) = known.name_key
    where silent.wording <> ''
    group by silent.row_id
    having count(distinct known.party_id) = 1

),

paid_unit as (  -- the whole name behind the verb; of several units none is taken

    select
        silent.row_id,
        regexp_extract(
            silent.wording,
            '^(支付给|支付|付给|付|拨付|拨|转付|转|汇给|汇|收到|收|返还|退还|退|预付|暂付)'
            || '([^赴到去的、，,；;]{4,}(有限公司|分公司|工会委员会))$', 2
        ) as name_key
    from silent
    left join worded on silent.row_id = worded.row_id
    where worded.row_id is null and not regexp_matches(silent.rest, '^[等、及和与]')

),

form as (  -- names of bank lines of which it is a shorter or longer form: only the front differs

    select paid_unit.row_id
    from paid_unit
    inner join known
        on
            substr(paid_unit.name_key, length(paid_unit.name_key) - 9)
            = substr(known.name_key, length(known.name_key) - 9)
    where
        case
            when length(paid_unit.name_key) > length(known.name_key)
                then
                    substr(
                        paid_unit.name_key,
                        length(paid_unit.name_key) - length(known.name_key) + 1
                    ) = known.name_key
            else
                substr(
                    known.name_key, length(known.name_key) - length(paid_unit.name_key) + 1
                ) = paid_unit.name_key
        end

),

stranger as (

    select distinct
        paid_unit.row_id,
        paid_unit.name_key
    from paid_unit
    left join form on paid_unit.row_id = form.row_id
    where length(paid_unit.name_key) >= 10 and form.row_id is null

)

select
    entry.row_id,
    coalesce(
        stated.party_id, of_voucher.party_id, worded.party_id, 'N:' || stranger.name_key
    ) as party_id,
    coalesce(
        stated.name_key, of_voucher.name_key, worded.name_key, stranger.name_key
    ) as name_key
from stg_gl_entry as entry
left join stated on entry.row_id = stated.row_id
left join of_voucher
    on
        entry.entry_on = of_voucher.entry_on
        and entry.voucher_no = of_voucher.voucher_no
        and of_voucher.parties = 1
left join worded on entry.row_id = worded.row_id
left join stranger on entry.row_id = stranger.row_id
where
    coalesce(stated.party_id, of_voucher.party_id, worded.party_id, stranger.name_key) is not null

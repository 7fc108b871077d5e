-- accounts of lines that are left which the other side does not name, and no line of which found a
-- counterpart: one row per pairing, side and account
with

foreign_account as (

    select
        left_account.pairing_no,
        left_account.side,
        left_account.account
    from (
        select distinct
            pairing_no,
            side,
            account
        from match_left
        where account is not null
    ) as left_account
    left join (
        select distinct
            pairing_no,
            side,
            account
        from match_input
        where account is not null
    ) as other_account
        on
            left_account.pairing_no = other_account.pairing_no
            and left_account.side <> other_account.side
            and left_account.account = other_account.account
    where other_account.account is null

),

taken as (

    select place from match_taken
    union all
    select a_place as place from match_couple
    union all
    select b_place as place from match_couple

),

met as (

    select distinct
        match_input.pairing_no,
        match_input.side,
        match_input.account
    from match_input
    inner join foreign_account
        on
            match_input.pairing_no = foreign_account.pairing_no
            and match_input.side = foreign_account.side
            and match_input.account = foreign_account.account
    inner join taken on match_input.place = taken.place

)

select
    foreign_account.pairing_no,
    foreign_account.side,
    foreign_account.account
from foreign_account
left join met
    on
        foreign_account.pairing_no = met.pairing_no
        and foreign_account.side = met.side
        and foreign_account.account = met.account
where met.account is null

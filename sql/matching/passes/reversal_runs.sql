-- a line cancelled by the next opposite one of the same key and size, where every line of the
-- component has its own day: one row per pair; the cancelled line comes first
-- (match_pass holds one side's lines; its side is the sign of the amount)
with

line as (

    select
        match_pass.place,
        match_pass.side,
        match_pass.day,
        match_slot.window_days,
        match_pass.pairing_no,
        match_component.part_place,
        count(*) over (
            partition by match_component.part_place, match_pass.day
        ) as same_day
    from match_component
    inner join match_pass
        on match_component.place = match_pass.place
    inner join match_slot on match_pass.pairing_no = match_slot.pairing_no
    where not match_component.is_balanced

),

clear_part as (  -- components without two lines on one day

    select part_place
    from line
    group by part_place
    having max(same_day) = 1

),

neighbour as (

    select
        line.place,
        line.side,
        line.day,
        line.window_days,
        line.pairing_no,
        line.part_place,
        lag(line.side) over (
            partition by line.part_place order by line.day asc
        ) as last_side,
        lag(line.day) over (
            partition by line.part_place order by line.day asc
        ) as last_day,
        lag(line.place) over (
            partition by line.part_place order by line.day asc
        ) as last_place
    from line
    inner join clear_part on line.part_place = clear_part.part_place

),

run as (  -- a run alternates: + - + -

    select
        neighbour.*,
        sum(
            case
                when
                    last_side <> side
                    and date_diff('day', last_day, day) <= window_days
                    then 0
                else 1
            end
        ) over (
            partition by part_place
            order by day asc
            rows between unbounded preceding and current row
        ) as run_no
    from neighbour

),

paired as (

    select
        run.*,
        row_number() over (partition by part_place, run_no order by day asc) as turn
    from run

)

select
    pairing_no,
    last_place as a_place,
    place as b_place,
    false as is_torn
from paired
where turn % 2 = 0

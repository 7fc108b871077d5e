-- the lines of match_crowd that reach each other within the window, where several compete:
-- one row per line; part_place (smallest line of side a) names the component
-- An edge joins a line of a to a line of b within the window. Every line between the two ends of an
-- edge is joined to one of them, so a component is an unbroken stretch in the order of days: it
-- breaks where no edge spans the gap. No join of lines with lines is needed.
with

neighbour as (  -- the nearest days of both sides before a line, and from it on

    select
        match_crowd.*,
        max(case when side = 'a' then day end) over (
            partition by pairing_no, match_key, amount
            order by day asc, side asc, place asc
            rows between unbounded preceding and 1 preceding
        ) as last_a,
        max(case when side = 'b' then day end) over (
            partition by pairing_no, match_key, amount
            order by day asc, side asc, place asc
            rows between unbounded preceding and 1 preceding
        ) as last_b,
        min(case when side = 'a' then day end) over (
            partition by pairing_no, match_key, amount
            order by day asc, side asc, place asc
            rows between current row and unbounded following
        ) as next_a,
        min(case when side = 'b' then day end) over (
            partition by pairing_no, match_key, amount
            order by day asc, side asc, place asc
            rows between current row and unbounded following
        ) as next_b
    from match_crowd

),

numbered as (  -- a new part begins where no edge spans the gap

    select
        neighbour.*,
        sum(
            case
                when date_diff('day', last_a, next_b) <= window_days then 0
                when date_diff('day', last_b, next_a) <= window_days then 0
                else 1
            end
        ) over (
            partition by pairing_no, match_key, amount
            order by day asc, side asc, place asc
            rows between unbounded preceding and current row
        ) as part_no
    from neighbour

),

ranked as (

    select
        numbered.*,
        row_number() over (
            partition by pairing_no, match_key, amount, part_no, side
            order by day asc, place asc
        ) as turn
    from numbered

),

rung as (  -- the k-th line of a beside the k-th line of b

    select
        pairing_no,
        match_key,
        amount,
        part_no,
        turn,
        window_days,
        min(party) as one_party,
        max(party) as other_party,
        count(case when side = 'a' then 1 end) as a_lines,
        count(case when side = 'b' then 1 end) as b_lines,
        min(case when side = 'a' then place end) as a_place,
        date_diff('day', min(day), max(day)) as days_apart
    from ranked
    group by pairing_no, match_key, amount, part_no, turn, window_days

),

part as (

    select
        pairing_no,
        match_key,
        amount,
        part_no,
        window_days,
        min(one_party) as one_party,
        max(other_party) as other_party,
        min(a_place) as part_place,
        sum(a_lines) as a_lines,
        sum(b_lines) as b_lines,
        max(days_apart) as days_apart
    from rung
    group by pairing_no, match_key, amount, part_no, window_days
    having sum(a_lines) > 0 and sum(b_lines) > 0

)

select
    ranked.pairing_no,
    ranked.place,
    ranked.side,
    part.part_place,
    cast(part.a_lines as bigint) as a_lines,
    cast(part.b_lines as bigint) as b_lines,
    part.a_lines = part.b_lines
    and part.days_apart <= part.window_days
    and coalesce(part.one_party = part.other_party, true) as is_balanced
from ranked
inner join part
    on
        ranked.pairing_no = part.pairing_no
        and ranked.match_key = part.match_key
        and ranked.amount = part.amount
        and ranked.part_no = part.part_no

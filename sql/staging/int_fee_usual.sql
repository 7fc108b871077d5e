-- one row per party, paid span and how many came before: the median monthly payment of the
-- fee.drop_min_periods spans that end with `turn`, and the headcount of the last of them
with

frame as (

    select
        series.party_id,
        series.turn,
        series.span_to,
        series.headcount,
        earlier.paid_monthly,
        row_number() over (
            partition by series.party_id, series.turn order by earlier.paid_monthly asc
        ) as rank,
        count(*) over (partition by series.party_id, series.turn) as spans
    from int_fee_series as series
    inner join int_fee_series as earlier
        on
            series.party_id = earlier.party_id
            and earlier.turn > series.turn - $fee_drop_min_periods
            and series.turn >= earlier.turn

)

select
    party_id,
    turn,
    span_to,
    headcount,
    div_half_up(sum(paid_monthly), count(*)) as usual_monthly
from frame
where spans = $fee_drop_min_periods and 2 * rank between spans and spans + 2
group by party_id, turn, span_to, headcount

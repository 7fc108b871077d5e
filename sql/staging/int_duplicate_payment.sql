-- one row per payment that REM-10 clears, wholly or in part: second and later payments of the same
-- payer, item, period and amount under other vouchers; where the fee of the span is known, at most
-- what was paid above it, taken from the latest copy first
with

copied as (  -- second and later payments

    select
        row_id,
        party_id,
        item,
        period_from,
        period_to,
        paid,
        treasury_on
    from int_collected
    where paid > 0
    qualify row_number() over (
        partition by party_id, item, period_from, period_to, paid
        order by treasury_on asc, row_id asc
    ) > 1

),

placed as (

    select
        copied.*,
        member.span_from
    from copied
    inner join int_collected_span as member on copied.row_id = member.row_id

),

span as (  -- what was paid for the spans that they lie in

    select
        member.party_id,
        member.span_from,
        sum(collected.paid) as span_paid
    from int_collected as collected
    inner join int_collected_span as member on collected.row_id = member.row_id
    where member.party_id in (select party_id from copied)
    group by member.party_id, member.span_from

),

known as (  -- spans whose fee is known: full payroll sheets, else one declared base per period

    select
        expected.party_id,
        expected.span_from,
        case
            when expected.signed_wages is not null
                then
                    case
                        when expected.is_signed_complete and not expected.is_signed_split
                            then expected.signed_expected
                    end
            when expected.base_low = expected.base_high then expected.base_low_expected
        end as expected
    from int_fee_expected as expected
    inner join int_fee_span as span
        on expected.party_id = span.party_id and expected.span_from = span.span_from
    where span.is_tax_mode

),

extra as (

    select
        placed.*,
        span.span_paid,
        known.expected,
        span.span_paid - known.expected as excess,
        sum(placed.paid) over (
            partition by placed.party_id, placed.span_from
            order by placed.treasury_on desc, placed.row_id desc
            rows between unbounded preceding and current row
        ) as running
    from placed
    inner join span on placed.party_id = span.party_id and placed.span_from = span.span_from
    left join known
        on placed.party_id = known.party_id and placed.span_from = known.span_from

),

cut as (

    select
        extra.*,
        case
            when excess is null then paid
            else greatest(least(paid, excess - (running - paid)), 0)
        end as cleared
    from extra

)

select
    row_id,
    party_id,
    item,
    period_from,
    period_to,
    paid,
    span_paid,
    expected,
    cast(cleared as decimal(18, 2)) as cleared
from cut
qualify
    sum(cleared) over (partition by party_id, item, period_from, period_to, paid)
    > $tolerance_money_yuan

-- one row per payment that REM-10 clears, wholly or in part: second and later payments of the same
-- payer, item, period and amount under other vouchers; where the fee of the span is known, at most
-- what was paid above it, taken from the latest copy first
with

standing as (

    select
        collected.row_id,
        collected.party_id,
        collected.item,
        collected.period_from,
        collected.period_to,
        collected.paid,
        collected.treasury_on,
        member.span_from,
        sum(collected.paid) over (partition by member.party_id, member.span_from) as span_paid,
        row_number() over (
            partition by
                collected.party_id, collected.item, collected.period_from,
                collected.period_to, collected.paid
            order by collected.treasury_on asc, collected.row_id asc
        ) as copy_no
    from int_collected as collected
    inner join int_collected_span as member on collected.row_id = member.row_id

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
        standing.*,
        known.expected,
        standing.span_paid - known.expected as excess,
        sum(standing.paid) over (
            partition by standing.party_id, standing.span_from
            order by standing.treasury_on desc, standing.row_id desc
            rows between unbounded preceding and current row
        ) as running
    from standing
    left join known
        on standing.party_id = known.party_id and standing.span_from = known.span_from
    where standing.copy_no > 1 and standing.paid > 0

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

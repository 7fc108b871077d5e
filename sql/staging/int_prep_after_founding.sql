-- one row per party and span: preparation money of periods after the month of founding, its basic
-- part (expected) and what was passed back for it (passed), of which preparation fund given back
-- (taken); what was given back beyond the basic part stays with the rest of the fund
-- is_passed_known: there is a list of transfers that begins in the year in which the first of it
-- was due, or earlier (or has some of it), each of the party tells its period, and the basic share
-- does not change within a period
with

charged as (  -- preparation money of periods after the month of founding

    select
        party_id,
        span_from,
        min(period_from) as period_from,
        max(period_to) as period_to,
        min(founded_on) as founded_on,
        sum(paid) as paid,
        sum(basic) as expected,
        min(fee_basic_share) as basic_share,
        max(fee_basic_share) as highest_share,
        max(handling_rate) as handling_rate,
        min(due_on) as due_on,
        bool_and(is_steady) as is_steady
    from int_fee_basic
    where item = '建会筹备金'
    group by party_id, span_from

),

returned as (  -- preparation fund given back for a period after the month of founding

    select
        charged.party_id,
        charged.span_from,
        sum(transfer.amount) as returned
    from charged
    inner join stg_fund_transfer as transfer on charged.party_id = transfer.party_id
    left join int_transfer_bounced as bounced on transfer.row_id = bounced.row_id
    where
        transfer.kind = '筹备金返还'
        and not transfer.is_returned
        and bounced.row_id is null
        and transfer.period_from between charged.period_from and charged.period_to
    group by charged.party_id, charged.span_from

),

kept as (

    select
        charged.*,
        cast(
            greatest(coalesce(passback.passed, 0) - coalesce(passback.fee_basic, 0), 0)
            as decimal(18, 2)
        ) as passed_fee,
        cast(coalesce(returned.returned, 0) as decimal(18, 2)) as returned,
        coalesce(passback.has_undated, false) as has_undated
    from charged
    left join int_passback as passback
        on
            charged.party_id = passback.party_id
            and charged.span_from = passback.span_from
            and passback.has_tax_row
    left join returned
        on
            charged.party_id = returned.party_id
            and charged.span_from = returned.span_from

),

transfer_list as (

    select cast(date_trunc('year', min(paid_on)) as date) as first_day from stg_fund_transfer

)

select
    party_id,
    span_from,
    period_from,
    period_to,
    founded_on,
    paid,
    expected,
    cast(passed_fee + returned as decimal(18, 2)) as passed,
    greatest(least(returned, expected - passed_fee), 0) as taken,
    is_steady
    and not has_undated
    and first_day is not null
    and (coalesce(due_on >= first_day, false) or passed_fee + returned > 0) as is_passed_known,
    case
        when basic_share = highest_share and handling_rate = 0
            then cast(paid as varchar) || '×' || percent_text(basic_share)
        else cast(expected as varchar)
    end || '−' || cast(cast(passed_fee + returned as decimal(18, 2)) as varchar) || '='
    || cast(cast(expected - passed_fee - returned as decimal(18, 2)) as varchar) as formula
from kept
cross join transfer_list

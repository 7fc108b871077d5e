-- one row per party and span of fee periods: the terms of its first day (rate, collection mode, the
-- share of the fee that is collected here), what was collected, and what the fee should be, by each
-- kind of proof
-- the mode is the register's, else what the payer's own rates tell (all of them, else the span's),
-- else fee.mode, which is known only where it is confirmed; what is collected is not known either
-- where the rate or a share changes within the span
-- a class of system union with a stated fraction pays that fraction; preparation money alone is
-- due at most at prep.collect_share; is_examined: false where the mode's own channel has no rows
-- signed: payroll sheets; other: the evidence that asks least (complete evidence first);
-- base_low and base_high: the declared bases, where one fee period states several; sure_expected:
-- the fee where it is known: full payroll sheets, else one declared base per period
with

span as (

    select
        party_id,
        span_from,
        span_to,
        date_diff('month', span_from, span_to) + 1 as months,
        bool_or(item = '工会经费') as has_fee,
        sum(paid) as collected
    from int_collected
    group by party_id, span_from, span_to

),

told as (  -- what the rates of the span's own lines tell

    select
        party_id,
        span_from,
        min(rate_mode) as mode
    from int_collected
    where item = '工会经费' and rate is not null
    group by party_id, span_from
    having count(*) = count(rate_mode) and min(rate_mode) = max(rate_mode)

),

termed as (

    select
        span.*,
        policy.fee_rate,
        policy.fee_basic_share,
        policy.prep_collect_share,
        coalesce(payer_mode.mode, told.mode, policy.fee_mode) as mode,
        not coalesce(payer_mode.is_unread, false)
        and (
            payer_mode.mode is not null
            or told.mode is not null
            or stated.name is not null
            or fraction.item_number is not null
        ) as is_mode_stated,
        policy.fee_rate = last_terms.fee_rate
        and policy.fee_basic_share = last_terms.fee_basic_share
        and policy.prep_collect_share = last_terms.prep_collect_share as is_steady,
        fraction.item_number as fraction
    from span
    inner join ref_policy_day as policy on span.span_from = policy.day
    inner join ref_policy_day as last_terms on span.span_to = last_terms.day
    left join told on span.party_id = told.party_id and span.span_from = told.span_from
    left join int_payer as payer on span.party_id = payer.party_id
    left join int_payer_mode as payer_mode on span.party_id = payer_mode.party_id
    left join ref_policy_value as stated
        on
            stated.name = 'fee.mode'
            and stated.is_verified
            and span.span_from >= stated.starts_on
            and span.span_from < stated.ends_on
    left join ref_policy_item as fraction
        on
            payer.system_class = fraction.item_key
            and fraction.name = 'fee.system_fraction'
            and span.span_from >= fraction.starts_on
            and span.span_from < fraction.ends_on

),

moded as (

    select
        termed.*,
        mode in ('全额代收', '部分代收') as is_tax_mode,
        is_mode_stated and is_steady as is_mode_known,
        case
            when fraction is not null then fraction
            when mode = '部分代收' then cast(1 - fee_basic_share as decimal(18, 6))
            else cast(1 as decimal(18, 6))
        end as mode_share
    from termed

),

shared as (

    select
        moded.*,
        case
            when has_fee then mode_share else least(mode_share, prep_collect_share)
        end as share
    from moded

),

waged as (

    select
        span.party_id,
        span.span_from,
        span.months,
        wage.evidence,
        sum(wage.wages) as wages,
        count(*) as wage_months,
        bool_or(wage.is_split) as is_split
    from span
    inner join int_wage as wage
        on span.party_id = wage.party_id and wage.month between span.span_from and span.span_to
    group by span.party_id, span.span_from, span.months, wage.evidence

),

other as (

    select
        party_id,
        span_from,
        evidence,
        wages
    from waged
    where evidence <> '工资表'
    qualify row_number() over (
        partition by party_id, span_from
        order by wage_months < months asc, wages asc, evidence asc
    ) = 1

),

declared as (  -- the bases stated for one fee period

    select
        party_id,
        span_from,
        max(base) as highest,
        sum(distinct base) as together
    from int_collected
    where base is not null
    group by party_id, span_from, period_from, period_to

),

base as (

    select
        party_id,
        span_from,
        sum(highest) as base_low,
        sum(together) as base_high
    from declared
    group by party_id, span_from

),

proven as (

    select
        shared.*,
        cast(shared.fee_rate * shared.share as decimal(12, 8)) as due_rate,
        signed.wages as signed_wages,
        coalesce(signed.wage_months = shared.months, false) as is_signed_complete,
        coalesce(signed.is_split, false) as is_signed_split,
        other.evidence as other_evidence,
        other.wages as other_wages,
        base.base_low,
        base.base_high
    from shared
    left join waged as signed
        on
            shared.party_id = signed.party_id
            and shared.span_from = signed.span_from
            and signed.evidence = '工资表'
    left join other on shared.party_id = other.party_id and shared.span_from = other.span_from
    left join base on shared.party_id = base.party_id and shared.span_from = base.span_from

),

expecting as (

    select
        proven.*,
        cast(round(signed_wages * due_rate, 2) as decimal(18, 2)) as signed_expected,
        cast(round(other_wages * due_rate, 2) as decimal(18, 2)) as other_expected,
        cast(round(base_low * due_rate, 2) as decimal(18, 2)) as base_low_expected,
        cast(round(base_high * due_rate, 2) as decimal(18, 2)) as base_high_expected
    from proven

)

select
    expecting.party_id,
    expecting.span_from,
    expecting.span_to,
    expecting.months,
    expecting.collected,
    expecting.fee_rate,
    expecting.mode,
    expecting.fraction,
    expecting.share,
    expecting.is_tax_mode,
    expecting.is_mode_known,
    expecting.is_tax_mode or channel.channel is not null as is_examined,
    expecting.signed_wages,
    expecting.is_signed_complete,
    expecting.is_signed_split,
    expecting.other_evidence,
    expecting.other_wages,
    expecting.base_low,
    expecting.base_high,
    expecting.signed_expected,
    expecting.other_expected,
    expecting.base_low_expected,
    expecting.base_high_expected,
    case
        when not expecting.is_tax_mode then null
        when expecting.signed_wages is null
            then
                case
                    when expecting.base_low = expecting.base_high
                        then expecting.base_low_expected
                end
        when expecting.is_signed_complete and not expecting.is_signed_split
            then expecting.signed_expected
    end as sure_expected
from expecting
left join int_channel as channel on expecting.mode = channel.channel

-- one row per party and span of fee periods, with the terms of its first day: rate, collection
-- mode and the share of the fee that is collected here
-- the mode is the register's, else what the payer's own rates tell, else fee.mode, which is known
-- only where it is confirmed
-- a class of system union with a stated fraction pays that fraction; preparation money alone is
-- due at most at prep.collect_share; is_examined: false where the mode's own channel has no rows
with

span as (

    select
        member.party_id,
        member.span_from,
        member.span_to,
        bool_or(collected.item = '工会经费') as has_fee
    from int_collected_span as member
    inner join int_collected as collected on member.row_id = collected.row_id
    group by member.party_id, member.span_from, member.span_to

),

months as (

    select
        span_from,
        span_to,
        count(*) as months
    from int_span_month
    group by span_from, span_to

),

termed as (

    select
        span.party_id,
        span.span_from,
        span.span_to,
        span.has_fee,
        months.months,
        policy.fee_rate,
        policy.fee_basic_share,
        policy.prep_collect_share,
        coalesce(payer.collection_mode, told.mode, policy.fee_mode) as mode,
        payer.collection_mode is not null
        or told.mode is not null
        or stated.name is not null
        or fraction.item_number is not null as is_mode_known,
        fraction.item_number as fraction
    from span
    inner join months on span.span_from = months.span_from and span.span_to = months.span_to
    inner join ref_policy_day as policy on span.span_from = policy.day
    left join int_payer as payer on span.party_id = payer.party_id
    left join int_rate_mode as told on span.party_id = told.party_id
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

shared as (

    select
        termed.*,
        case
            when fraction is not null then fraction
            when mode = '部分代收' then cast(1 - fee_basic_share as decimal(18, 6))
            else cast(1 as decimal(18, 6))
        end as mode_share
    from termed

)

select
    shared.party_id,
    shared.span_from,
    shared.span_to,
    shared.has_fee,
    shared.months,
    shared.fee_rate,
    shared.mode,
    shared.fraction,
    case
        when shared.has_fee then shared.mode_share
        else least(shared.mode_share, shared.prep_collect_share)
    end as share,
    shared.mode in ('全额代收', '部分代收') as is_tax_mode,
    shared.is_mode_known,
    shared.mode in ('全额代收', '部分代收') or channel.channel is not null as is_examined
from shared
left join int_channel as channel on shared.mode = channel.channel

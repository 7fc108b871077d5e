-- one row per payer and month without any remittance: payers of the register with a union on the
-- first of the month, open in that month, past their due day; months in which the collection list
-- has no row for anybody are left out
-- is_covered: the list reaches back to the year in which it was due
with

past_due as (

    select
        due.month,
        due.due_on,
        due.is_calendar_known,
        due.is_covered,
        policy.fee_rate,
        policy.fee_basic_share,
        policy.fee_mode
    from int_due_month as due
    inner join ref_policy_day as policy on due.month = policy.day
    inner join ref_policy_day as terms on due.due_on = terms.day
    where $as_of > add_days(due.due_on, terms.fee_grace_days)

),

liable as (

    select distinct
        payer.party_id,
        past_due.month
    from int_payer as payer
    inner join stg_union as union_org on payer.party_id = union_org.party_id
    inner join past_due
        on
            union_org.founded_on <= past_due.month
            and (union_org.dissolved_on is null or union_org.dissolved_on > past_due.month)
            and (payer.cancelled_on is null or payer.cancelled_on >= past_due.month)
            and (payer.opened_on is null or last_day(past_due.month) >= payer.opened_on)

),

missing as (

    select
        liable.party_id,
        liable.month
    from liable
    left join int_remitted_month as remitted
        on liable.party_id = remitted.party_id and liable.month = remitted.month
    where remitted.party_id is null

),

termed as (

    select
        missing.party_id,
        missing.month,
        past_due.due_on,
        past_due.is_calendar_known,
        past_due.is_covered,
        past_due.fee_rate,
        past_due.fee_basic_share,
        coalesce(payer_mode.mode, past_due.fee_mode) as mode,
        not coalesce(payer_mode.is_unread, false)
        and (
            payer_mode.mode is not null
            or stated.name is not null
            or fraction.item_number is not null
        ) as is_mode_known,
        fraction.item_number as fraction
    from missing
    inner join past_due on missing.month = past_due.month
    inner join int_payer as payer on missing.party_id = payer.party_id
    left join int_payer_mode as payer_mode on missing.party_id = payer_mode.party_id
    left join ref_policy_value as stated
        on
            stated.name = 'fee.mode'
            and stated.is_verified
            and missing.month >= stated.starts_on
            and missing.month < stated.ends_on
    left join ref_policy_item as fraction
        on
            payer.system_class = fraction.item_key
            and fraction.name = 'fee.system_fraction'
            and missing.month >= fraction.starts_on
            and missing.month < fraction.ends_on

)

select
    termed.party_id,
    termed.month,
    termed.due_on,
    termed.is_calendar_known,
    termed.is_covered,
    termed.fee_rate,
    case
        when termed.fraction is not null then termed.fraction
        when termed.mode = '部分代收' then cast(1 - termed.fee_basic_share as decimal(18, 6))
        else cast(1 as decimal(18, 6))
    end as share,
    termed.mode in ('全额代收', '部分代收') as is_tax_mode,
    termed.is_mode_known,
    wage.wages,
    coalesce(wage.is_split, false) as is_wage_split
from termed
left join int_channel as channel on termed.mode = channel.channel
left join int_wage as wage
    on
        termed.party_id = wage.party_id
        and termed.month = wage.month
        and wage.evidence = '工资表'
where termed.mode in ('全额代收', '部分代收') or channel.channel is not null

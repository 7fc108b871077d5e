-- one row per payer and month liable for the preparation fund, past its due day, without a payment:
-- no union on the first of the month, open, and at or after the start of liability
-- is_covered: the list reaches back to the year in which it was due
with

liable as (

    select
        payer.party_id,
        due.month,
        due.due_on,
        due.is_calendar_known,
        due.is_covered,
        policy.fee_rate,
        policy.prep_collect_share,
        coalesce(payer_mode.is_unread, false) as is_mode_unread,
        case policy.prep_start_rule
            when 'list_plus_1m' then add_months(date_trunc('month', payer.prep_listed_on), 1)
            when 'list_day' then payer.prep_listed_on
            when 'open_plus_12m'
                then add_months(date_trunc('month', add_months(payer.opened_on, 12)), 1)
            else add_months(date_trunc('month', add_months(payer.opened_on, 6)), 1)
        end as starts_on
    from int_payer as payer
    inner join int_due_month as due
        on
            (payer.cancelled_on is null or payer.cancelled_on >= due.month)
            and due.due_on < $as_of
    inner join ref_policy_day as policy on due.month = policy.day
    left join int_payer_mode as payer_mode on payer.party_id = payer_mode.party_id
    where coalesce(payer_mode.mode, policy.fee_mode) in ('全额代收', '部分代收')

),

organised as (  -- months on whose first day the payer has a union

    select distinct
        liable.party_id,
        liable.month
    from liable
    inner join stg_union as union_org on liable.party_id = union_org.party_id
    where
        union_org.founded_on is null
        or (
            union_org.founded_on <= liable.month
            and (union_org.dissolved_on is null or union_org.dissolved_on > liable.month)
        )

)

select
    liable.party_id,
    liable.month,
    liable.due_on,
    liable.is_calendar_known,
    liable.is_covered,
    liable.is_mode_unread,
    liable.starts_on,
    liable.fee_rate,
    liable.prep_collect_share as share,
    wage.wages,
    coalesce(wage.is_split, false) as is_wage_split
from liable
left join organised
    on liable.party_id = organised.party_id and liable.month = organised.month
left join int_remitted_month as remitted
    on liable.party_id = remitted.party_id and liable.month = remitted.month
left join int_wage as wage
    on
        liable.party_id = wage.party_id
        and liable.month = wage.month
        and wage.evidence = '工资表'
where
    liable.month >= liable.starts_on
    and organised.party_id is null
    and remitted.party_id is null

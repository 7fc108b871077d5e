-- PRE-02 returned-too-much
-- grain: one row per party_id
-- what lies above 100 % or went to a cancelled unit is PRE-08's
-- what went back for months after founding is REM-04's to take off, up to the basic part
-- without any opening balances nobody knows what the funds held before: to be verified
with

opening_list as (

    select count(*) > 0 as is_there from stg_prep_opening

),

over as (

    select
        party_id,
        founded_on,
        expected,
        cast(returned - returned_after as decimal(18, 2)) as returned,
        hundred,
        return_share,
        opening,
        paid_before,
        coalesce(founded_on, $as_of) as share_on,
        cast(
            least(returned - returned_late, hundred) - returned_after - coalesce(expected, 0)
            as decimal(18, 2)
        ) as over_yuan
    from int_prep_fund

)

select
    party_id,
    '' as period,
    case
        when over.founded_on is null or not opening_list.is_there then 'verify'
        else 'recover'
    end as direction,
    over_yuan as amount,
    coalesce(expected, 0) as expected,
    returned as actual,
    cast(coalesce(expected, 0) + over_yuan as varchar) || '−'
    || cast(cast(coalesce(expected, 0) as decimal(18, 2)) as varchar) || '='
    || cast(over_yuan as varchar) as formula,
    'prep_return|' || party_id || '|share' as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    share_on,
    founded_on,
    hundred
from over
cross join opening_list
where over_yuan > $tolerance_money_yuan
order by party_id

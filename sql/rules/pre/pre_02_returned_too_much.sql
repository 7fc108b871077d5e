-- PRE-02 returned-too-much
-- grain: one row per party_id and part
-- what payments of unknown size would explain, made while small firms got the whole back, is verify
-- what lies above 100 % or went to a cancelled unit is PRE-08's
-- what went back for months after founding is REM-04's to take off, up to the basic part
-- where no opening balances say what the funds held before it is to be verified
with

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
        is_hundred_known,
        coalesce(founded_on, $as_of) as share_on,
        cast(
            least(returned - returned_late, hundred) - returned_after - coalesce(expected, 0)
            as decimal(18, 2)
        ) as over_yuan,
        cast(round((1 - return_share) * perhaps_before, 2) as decimal(18, 2)) as explained
    from int_prep_fund

),

parted as (

    select
        over.*,
        '' as part,
        cast(over_yuan - greatest(explained, 0) as decimal(18, 2)) as beyond,
        cast(coalesce(expected, 0) + greatest(explained, 0) as decimal(18, 2)) as allowed
    from over
    union all
    select
        over.*,
        '规模不明' as part,
        least(over_yuan, explained) as beyond,
        cast(coalesce(expected, 0) as decimal(18, 2)) as allowed
    from over

)

select
    party_id,
    part,
    '' as period,
    case
        when founded_on is null or not is_hundred_known or part <> '' then 'verify'
        else 'recover'
    end as direction,
    beyond as amount,
    allowed as expected,
    returned as actual,
    cast(allowed + beyond as varchar) || '−' || cast(allowed as varchar) || '='
    || cast(beyond as varchar) as formula,
    'prep_return|' || party_id || '|share' as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    share_on,
    founded_on,
    hundred
from parted
where beyond > $tolerance_money_yuan
order by party_id, part

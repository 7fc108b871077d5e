-- PRE-10 founded-without-account
-- grain: one row per party_id
with

short as (  -- founded long enough ago, waiting for an account

    select
        fund.party_id,
        fund.founded_on,
        fund.ready_on,
        fund.cancelled_on,
        fund.opening,
        fund.paid_before,
        fund.return_share,
        fund.opening_basis,
        fund.expected,
        cast(fund.returned - fund.returned_after as decimal(18, 2)) as returned,
        cast(
            fund.expected - fund.returned + fund.returned_after as decimal(18, 2)
        ) as short_yuan
    from int_prep_fund as fund
    inner join ref_policy_day as policy on fund.ready_on = policy.day
    where
        not fund.has_account
        and policy.prep_need_account
        and date_diff('day', fund.ready_on, $as_of) > policy.prep_return_deadline_days

)

select
    party_id,
    '' as period,
    case when cancelled_on <= $as_of then 'verify' else 'give_back' end as direction,
    short_yuan as amount,
    expected,
    returned as actual,
    case
        when opening_basis = 'basic_part'
            then
                cast(opening as varchar) || '+' || percent_text(return_share) || '×'
                || cast(paid_before as varchar)
        else
            percent_text(return_share) || '×(' || cast(opening as varchar) || '+'
            || cast(paid_before as varchar) || ')'
    end || '−' || cast(returned as varchar) || '=' || cast(short_yuan as varchar) as formula,
    'prep_return|' || party_id as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    founded_on,
    ready_on,
    '待开户' as account_state
from short
where short_yuan > $tolerance_money_yuan
order by party_id;

select
    found.exception_no,
    source.row_id
from found
inner join int_prep_source as source on found.party_id = source.party_id

-- one row per party founded long enough ago that has not got back all of its preparation money
with

due as (

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
        fund.has_account or not policy.prep_need_account as is_payable,
        cast(fund.returned - fund.returned_after as decimal(18, 2)) as returned,
        cast(
            fund.expected - fund.returned + fund.returned_after as decimal(18, 2)
        ) as short_yuan
    from int_prep_fund as fund
    inner join ref_policy_day as policy on fund.ready_on = policy.day
    where date_diff('day', fund.ready_on, $as_of) > policy.prep_return_deadline_days

)

select
    party_id,
    is_payable,
    case when cancelled_on <= $as_of then 'verify' else 'give_back' end as direction,
    short_yuan,
    expected,
    returned,
    case
        when opening_basis = 'basic_part'
            then
                cast(opening as varchar) || '+' || percent_text(return_share) || '×'
                || cast(paid_before as varchar)
        else
            percent_text(return_share) || '×(' || cast(opening as varchar) || '+'
            || cast(paid_before as varchar) || ')'
    end || '−' || cast(returned as varchar) || '=' || cast(short_yuan as varchar) as formula,
    founded_on,
    ready_on
from due
where short_yuan > $tolerance_money_yuan

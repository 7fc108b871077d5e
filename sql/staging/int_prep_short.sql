-- one row per party founded long enough ago that has not got back all of its preparation money
with

due as (

    select
        fund.party_id,
        fund.founded_on,
        fund.ready_on,
        fund.cancelled_on,
        fund.opening,
        cast(fund.paid_before - fund.whole_before as decimal(18, 2)) as shared_before,
        fund.whole_before,
        fund.perhaps_before,
        fund.return_share,
        fund.opening_basis,
        fund.is_stray,
        fund.is_return_unseen,
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
    case
        when cancelled_on <= $as_of or is_stray or is_return_unseen then 'verify'
        else 'give_back'
    end as direction,
    short_yuan,
    expected,
    returned,
    replace(
        case
            when opening_basis = 'basic_part'
                then
                    cast(opening as varchar) || '+' || percent_text(return_share) || '×'
                    || cast(shared_before as varchar)
            else
                percent_text(return_share) || '×(' || cast(opening as varchar) || '+'
                || cast(shared_before as varchar) || ')'
        end
        || case when whole_before <> 0 then '+' || cast(whole_before as varchar) else '' end,
        '+-', '−'
    )
    || '−' || cast(returned as varchar) || '=' || cast(short_yuan as varchar) as formula,
    founded_on,
    ready_on,
    case
        when perhaps_before > 0
            then '其中' || cast(perhaps_before as varchar) || '元缴于小微企业全额返还期间，企业规模不明，按较低的比例计算'
    end as size_note,
    case
        when is_return_unseen then '拨付台账开始以前或期初以前是否已返还，须核实'
        when is_stray then '台账中没有银行退回的那一笔返还，须核实'
    end as return_note
from due
where short_yuan > $tolerance_money_yuan

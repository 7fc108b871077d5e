-- TRN-14 wrong-standard
-- grain: one row per class_no
with

worded as (

    select
        int_class_money.*,
        case
            when own_count = 0 then cast(heads as varchar) || '×' || cast(unit as varchar)
            when own_count >= heads then cast(own_sum as varchar)
            else
                '(' || cast(own_sum as varchar) || '+(' || cast(heads as varchar) || '−'
                || cast(own_count as varchar) || ')×' || cast(unit as varchar) || ')'
        end as due_text
    from int_class_money

),

compared as (

    select
        worded.*,
        'recover' as direction,
        cast(amount - expected as decimal(18, 2)) as gap
    from worded
    union all
    select
        worded.*,
        'give_back' as direction,
        cast(expected - amount as decimal(18, 2)) as gap
    from worded

)

select
    class_no,
    party_id,
    party_name,
    period,
    direction,
    gap as amount,
    expected,
    amount as actual,
    case
        when direction = 'recover' then cast(amount as varchar) || '−' || due_text
        else due_text || '−' || cast(amount as varchar)
    end || '=' || cast(gap as varchar) as formula,
    'class_price|' || class_no as money_key,
    report_on as report_from,
    report_on as report_to,
    heads,
    unit
from compared
where gap > $tolerance_money_yuan
order by class_no

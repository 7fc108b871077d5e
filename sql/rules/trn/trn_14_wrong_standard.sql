-- TRN-14 wrong-standard
-- grain: one row per class_no
with

compared as (

    select
        int_class_money.*,
        'recover' as direction,
        amount - expected as gap
    from int_class_money
    union all
    select
        int_class_money.*,
        'give_back' as direction,
        expected - amount as gap
    from int_class_money

)

select
    class_no,
    party_id,
    party_name,
    period,
    direction,
    cast(gap as decimal(18, 2)) as amount,
    expected,
    amount as actual,
    case
        when own_count = 0
            then
                cast(heads as varchar) || '×' || cast(unit as varchar) || '−'
                || cast(amount as varchar) || '=' || cast(expected - amount as varchar)
        else
            cast(own_sum as varchar) || '+(' || cast(heads as varchar) || '−'
            || cast(own_count as varchar) || ')×' || cast(unit as varchar) || '−'
            || cast(amount as varchar) || '=' || cast(expected - amount as varchar)
    end as formula,
    'class_price|' || class_no as money_key,
    report_on as report_from,
    report_on as report_to,
    heads,
    unit
from compared
where gap > $tolerance_money_yuan
order by class_no;

select
    found.exception_no,
    payment.row_id
from found
inner join stg_training_payment as payment on found.class_no = payment.class_no
where not payment.is_repeat and not payment.is_reversed
union all
select
    found.exception_no,
    class.row_id
from found
inner join stg_training_class as class on found.class_no = class.class_no

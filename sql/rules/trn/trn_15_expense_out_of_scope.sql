-- TRN-15 expense-out-of-scope
-- grain: one row per line_key
-- a class gives back no more than it was paid: the lines take, in order, what other rules leave
with

recovered as (  -- what other rules recover of the class, each fen once

    select
        money_key,
        max(
            case
                when money_key like 'trainee_subsidy|%' then split_part(money_key, '|', 3)
                else split_part(money_key, '|', 2)
            end
        ) as class_no,
        max(amount) as amount
    from exception_item
    where rule like 'TRN-%' and direction = 'recover'
    group by money_key

),

elsewhere as (

    select
        class_no,
        sum(amount) as amount
    from recovered
    group by class_no

),

judged as (  -- a class that was not paid has nothing to recover

    select
        line.*,
        line.is_out_of_scope or line.is_cash or line.is_out_of_time as is_wrong,
        money.amount - coalesce(elsewhere.amount, 0) as class_left,
        money.is_unsure
    from int_expense_line as line
    left join int_class_money as money on line.class_no = money.class_no
    left join elsewhere on line.class_no = elsewhere.class_no
    where
        line.amount > 0
        and (line.is_out_of_scope or line.is_cash or line.is_out_of_time or line.lacks_invoice)

),

shared as (

    select
        judged.*,
        class_left - sum(case when is_wrong then amount else 0 end) over (
            partition by class_no order by line_key asc
            rows between unbounded preceding and current row
        ) + amount as left_over
    from judged

),

valued as (

    select
        shared.*,
        is_wrong and left_over > 0 and not is_unsure as is_certain
    from shared

)

select
    line_key,
    party_id,
    party_name,
    period,
    case when is_certain then 'recover' else 'verify' end as direction,
    cast(case when is_certain then least(amount, left_over) else amount end as decimal(18, 2))
        as amount,
    case when is_certain then cast(0 as decimal(18, 2)) end as expected,
    cast(case when is_certain then least(amount, left_over) else amount end as decimal(18, 2))
        as actual,
    case
        when is_certain and left_over < amount
            then
                'min(' || cast(amount as varchar) || ','
                || cast(cast(left_over as decimal(18, 2)) as varchar) || ')='
                || cast(cast(left_over as decimal(18, 2)) as varchar)
        when returned > 0
            then
                cast(amount + returned as varchar) || '−' || cast(returned as varchar) || '='
                || cast(amount as varchar)
    end as formula,
    'expense_line|' || line_key as money_key,
    report_on as report_from,
    report_on as report_to,
    case when is_out_of_scope then policy_on end as scope_on,
    case when is_out_of_time then policy_on end as time_on,
    class_no,
    category,
    spent_on,
    invoice_no,
    payee_text,
    returned,
    rtrim(
        case when is_out_of_scope then '类别不在列支范围；' else '' end
        || case when is_cash then '现金支付；' else '' end
        || case when is_out_of_time then '日期超出班期；' else '' end
        || case when lacks_invoice then '缺发票号码；' else '' end
        || case
            when is_wrong and left_over <= 0
                then '该班已拨的钱已由其他规则追缴；'
            else ''
        end
        || case
            when is_wrong and is_unsure then '班次编号重复而内容不同，或收款方不止一个；' else ''
        end,
        '；'
    ) as reasons
from valued
order by line_key

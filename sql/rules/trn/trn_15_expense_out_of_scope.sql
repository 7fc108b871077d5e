-- TRN-15 expense-out-of-scope
-- grain: one row per line_key
with

judged as (  -- a class that was not paid has nothing to recover

    select
        int_expense_line.*,
        (is_out_of_scope or is_cash or is_out_of_time) and is_paid as is_certain
    from int_expense_line
    where is_out_of_scope or is_cash or is_out_of_time or lacks_invoice

)

select
    line_key,
    party_id,
    party_name,
    period,
    case when is_certain then 'recover' else 'verify' end as direction,
    amount,
    case when is_certain then cast(0 as decimal(18, 2)) end as expected,
    amount as actual,
    cast(null as varchar) as formula,
    'expense_line|' || line_key as money_key,
    report_on as report_from,
    report_on as report_to,
    case when is_out_of_scope then policy_on end as scope_on,
    case when is_out_of_time then policy_on end as time_on,
    class_no,
    category,
    spent_on,
    invoice_no,
    rtrim(
        case when is_out_of_scope then '类别不在列支范围；' else '' end
        || case when is_cash then '现金支付；' else '' end
        || case when is_out_of_time then '日期超出班期；' else '' end
        || case when lacks_invoice then '缺发票号码；' else '' end,
        '；'
    ) as reasons
from judged
order by line_key

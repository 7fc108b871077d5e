-- REM-08 upper-share-not-remitted
-- grain: one row per month
with

compared as (

    select
        upper_month.month,
        upper_month.month_end,
        upper_month.due,
        upper_month.remitted,
        cast(upper_month.due - upper_month.remitted as decimal(18, 2)) as short,
        add_days(upper_month.month_end, policy.fee_remit_days) as remit_by
    from int_upper_month as upper_month
    inner join ref_policy_day as policy on upper_month.month_end = policy.day

)

select
    compared.month,
    'N:' || self.name_key as party_id,
    nullif(self.name, '') as party_name,
    period_text(compared.month, compared.month) as period,
    'remit_up' as direction,
    compared.short as amount,
    compared.due as expected,
    compared.remitted as actual,
    cast(compared.due as varchar) || '−' || cast(compared.remitted as varchar) || '='
    || cast(compared.short as varchar) as formula,
    'upper_part|self|' || period_text(compared.month, compared.month) as money_key,
    compared.month as report_from,
    compared.month_end as report_to,
    compared.remit_by
from compared
cross join ref_self as self
where compared.short > $tolerance_split_yuan and $as_of > compared.remit_by
order by compared.month

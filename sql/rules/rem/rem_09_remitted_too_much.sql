-- REM-09 remitted-up-too-much
-- grain: one row per month
with

compared as (

    select
        month,
        month_end,
        due,
        remitted,
        cast(remitted - due as decimal(18, 2)) as excess
    from int_upper_month

)

select
    compared.month,
    'N:' || self.name_key as party_id,
    nullif(self.name, '') as party_name,
    period_text(compared.month, compared.month) as period,
    'verify' as direction,
    compared.excess as amount,
    compared.due as expected,
    compared.remitted as actual,
    cast(compared.remitted as varchar) || '−' || cast(compared.due as varchar) || '='
    || cast(compared.excess as varchar) as formula,
    'upper_part|self|' || period_text(compared.month, compared.month) as money_key,
    compared.month as report_from,
    compared.month_end as report_to
from compared
cross join ref_self as self
where compared.excess > $tolerance_split_yuan
order by compared.month

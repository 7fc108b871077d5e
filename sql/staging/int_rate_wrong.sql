-- one row per published rate that differs from what is recomputed, or whose numerator exceeds its
-- denominator: all that an exception of it says (ORG-01, ORG-02, ORG-06)
select
    metric,
    scope,
    rate_day,
    value,
    party_id,
    party_name,
    cast(null as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    number_text(top) || '÷' || number_text(bottom) || '=' || percent_text(computed_rate)
        as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    published,
    percent_text(computed_rate) as computed,
    number_text(top) as numerator,
    number_text(bottom) as denominator,
    case when is_recomputed then '名册' else '填报的分子分母' end as basis,
    case
        when is_no_subset then '分子大于分母'
        else '填报值与重算值不符'
    end as reason,
    row_id as source_row_id
from int_rate
where is_different or is_no_subset

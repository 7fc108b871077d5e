-- REM-04 wrong-item
-- grain: one row per party_id, item and fee period
with

without_union as (  -- fee money of a payer that had no union at the end of the fee period

    select
        payment.party_id,
        min(payment.period_from) as period_from,
        max(payment.period_to) as period_to,
        sum(payment.paid) as paid
    from int_payment as payment
    left join stg_union as union_org
        on
            payment.party_id = union_org.party_id
            and (
                union_org.founded_on is null
                or (
                    payment.period_to >= union_org.founded_on
                    and (
                        union_org.dissolved_on is null
                        or payment.period_to < union_org.dissolved_on
                    )
                )
            )
    where payment.item = '工会经费' and union_org.row_id is null
    group by
        payment.party_id,
        cast(date_trunc('month', payment.period_from) as date),
        cast(date_trunc('month', payment.period_to) as date)

),

listed as (

    select
        party_id,
        '建会筹备金' as item,
        period_from,
        period_to,
        founded_on,
        paid,
        case when is_passed_known then 'give_back' else 'verify' end as direction,
        expected,
        passed,
        formula
    from int_prep_after_founding
    where expected - passed > $tolerance_money_yuan
    union all
    select
        party_id,
        '工会经费' as item,
        period_from,
        period_to,
        cast(null as date) as founded_on,
        paid,
        'verify' as direction,
        cast(null as decimal(18, 2)) as expected,
        cast(null as decimal(18, 2)) as passed,
        cast(null as varchar) as formula
    from without_union
    where paid > 0

)

select
    party_id,
    item,
    period_from,
    period_to,
    period_text(period_from, period_to) as period,
    direction,
    cast(expected - passed as decimal(18, 2)) as amount,
    expected,
    passed as actual,
    formula,
    'basic_part|' || party_id || '|' || period_text(period_from, period_to) as money_key,
    period_from as report_from,
    period_to as report_to,
    founded_on,
    paid,
    case
        when item = '建会筹备金' then '建会次月起仍按建会筹备金征收'
        else '名册中没有工会却按工会经费征收'
    end as reason
from listed
order by party_id, item, period_from

-- one row per settlement line, with the upper shares of it that arrive here (no row where no
-- settlement has a column for one), and per remittance upward and month that it is for: by its
-- period, else by its day (that of the payment where it takes a part of one back)
-- is_settled: a settlement line; remitted: the whole remittance, on the first of its months alone;
-- 0 where the bank sent it back
with

remittance as (

    select
        transfer.row_id,
        case when bounced.row_id is null then transfer.amount else 0 end as amount,
        coalesce(transfer.period_from, transfer.counts_on) as from_on,
        greatest(transfer.period_to, coalesce(transfer.period_from, transfer.counts_on)) as to_on
    from stg_fund_transfer as transfer
    left join int_transfer_bounced as bounced on transfer.row_id = bounced.row_id
    where transfer.kind = '上解' and not transfer.is_returned

)

select
    settlement.row_id,
    cast(date_trunc('month', settlement.settled_on) as date) as month,
    true as is_settled,
    cast(date_trunc('month', settlement.settled_on) as date) as month_from,
    cast(date_trunc('month', settlement.settled_on) as date) as month_to,
    sum(
        coalesce(
            case upper_share.share
                when 'acftu' then settlement.to_acftu
                when 'province' then settlement.to_province
                when 'city' then settlement.to_city
                when 'county' then settlement.to_county
            end, 0
        )
    ) as due,
    0 as remitted
from stg_settlement as settlement
inner join int_upper_share as upper_share on upper_share.is_given
group by settlement.row_id, cast(date_trunc('month', settlement.settled_on) as date)
union all
select
    remittance.row_id,
    months.month,
    false as is_settled,
    cast(date_trunc('month', remittance.from_on) as date) as month_from,
    cast(date_trunc('month', remittance.to_on) as date) as month_to,
    0 as due,
    case
        when months.month = date_trunc('month', remittance.from_on) then remittance.amount
        else 0
    end as remitted
from remittance
inner join ref_month as months
    on
        months.month between date_trunc('month', remittance.from_on)
        and date_trunc('month', remittance.to_on)

-- one row per month from the first to the last settlement: upper shares of the month's settlement
-- that arrive here, and what was remitted upward for it; empty where none of them arrives here
with

upper_level as (

    select
        receives.share,
        self.level
    from ref_self_receives as receives
    cross join ref_self as self
    where
        (receives.share = 'acftu' and self.level <> 'acftu')
        or (receives.share = 'province' and self.level in ('city', 'county', 'town'))
        or (receives.share = 'city' and self.level in ('county', 'town'))
        or (receives.share = 'county' and self.level = 'town')

),

due as (

    select
        cast(date_trunc('month', settlement.settled_on) as date) as month,
        sum(
            coalesce(
                case upper_level.share
                    when 'acftu' then settlement.to_acftu
                    when 'province' then settlement.to_province
                    when 'city' then settlement.to_city
                    when 'county' then settlement.to_county
                end, 0
            )
        ) as due
    from stg_settlement as settlement
    cross join upper_level
    group by cast(date_trunc('month', settlement.settled_on) as date)

),

remitted as (

    select
        cast(
            date_trunc('month', coalesce(transfer.period_from, transfer.paid_on)) as date
        ) as month,
        sum(transfer.amount) as remitted
    from stg_fund_transfer as transfer
    left join int_transfer_bounced as bounced on transfer.row_id = bounced.row_id
    where transfer.kind = '上解' and not transfer.is_returned and bounced.row_id is null
    group by
        cast(date_trunc('month', coalesce(transfer.period_from, transfer.paid_on)) as date)

),

settled as (

    select
        min(month) as first_month,
        max(month) as last_month
    from due

)

select
    months.month,
    months.month_end,
    cast(coalesce(due.due, 0) as decimal(18, 2)) as due,
    cast(coalesce(remitted.remitted, 0) as decimal(18, 2)) as remitted
from ref_month as months
inner join settled on months.month between settled.first_month and settled.last_month
left join due on months.month = due.month
left join remitted on months.month = remitted.month

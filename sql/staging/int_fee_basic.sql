-- one row per payment that has a basic part: fee money, and preparation money of periods after the
-- month of founding (wrong item); with the day by which it is to be passed back
-- the mode is the register's, else what the payer's rates tell (all of them, else the row's own)
-- is_mode_sure: the settlement states the basic part, or the collection mode is a word that is read
-- (one that is not, and that no rate tells, stands as 全额代收: what is perhaps owed is to be seen)
-- and no share changes within the period (is_steady)
-- basic: as the settlement states it, else net of the handling fee times the basic share
with

line as (

    select
        row_id,
        party_id,
        voucher_no,
        gross,
        to_basic,
        row_number() over (
            partition by voucher_no, party_id, gross order by row_id asc
        ) as turn
    from stg_settlement
    where voucher_no is not null and to_basic is not null

),

payment as (

    select
        row_id,
        party_id,
        voucher_no,
        paid,
        row_number() over (
            partition by voucher_no, party_id, paid order by row_id asc
        ) as turn
    from int_payment
    where item = '工会经费'

),

exact as (

    select
        payment.row_id,
        line.row_id as settlement_row_id,
        line.to_basic as basic
    from payment
    inner join line
        on
            payment.voucher_no = line.voucher_no
            and payment.party_id = line.party_id
            and payment.paid = line.gross
            and payment.turn = line.turn

),

voucher as (  -- one line that settles all payments of a voucher together

    select
        voucher_no,
        party_id,
        min(row_id) as settlement_row_id,
        sum(gross) as gross,
        sum(to_basic) as to_basic
    from line
    group by voucher_no, party_id
    having count(*) = 1

),

shared as (

    select
        payment.row_id,
        voucher.settlement_row_id,
        voucher.gross,
        voucher.to_basic,
        payment.paid,
        sum(payment.paid) over (
            partition by payment.voucher_no, payment.party_id
        ) as voucher_paid,
        sum(payment.paid) over (
            partition by payment.voucher_no, payment.party_id
            order by payment.row_id asc
            rows between unbounded preceding and current row
        ) as running
    from payment
    inner join voucher
        on payment.voucher_no = voucher.voucher_no and payment.party_id = voucher.party_id

),

basic_stated as (
    -- one row per payment whose basic part the settlement states: matched by voucher, party and
    -- amount; a settlement line for a voucher of several payments is shared out by what was paid

    select
        row_id,
        settlement_row_id,
        basic
    from exact
    union all
    select
        shared.row_id,
        shared.settlement_row_id,
        cast(
            div_half_up(shared.to_basic * shared.running, shared.gross)
            - div_half_up(shared.to_basic * (shared.running - shared.paid), shared.gross)
            as decimal(18, 2)
        ) as basic
    from shared
    left join exact on shared.row_id = exact.row_id
    where exact.row_id is null and shared.gross = shared.voucher_paid and shared.gross <> 0

),

termed as (

    select
        payment.row_id,
        payment.party_id,
        payment.item,
        payment.period_from,
        payment.period_to,
        payment.span_from,
        payment.span_to,
        payment.paid,
        payment.treasury_on,
        policy.fee_basic_share,
        union_now.founded_on,
        union_now.has_open_account,
        case
            when policy.fee_handling_fee_bearer = 'before_split' then policy.fee_handling_fee_rate
            else 0
        end as handling_rate,
        coalesce(
            payer_mode.mode,
            payment.rate_mode,
            case when payer_mode.is_unread then '全额代收' else policy.fee_mode end
        ) as mode,
        coalesce(payer_mode.is_unread, false) as is_mode_unread,
        policy.fee_basic_share = last_terms.fee_basic_share
        and coalesce(policy.fee_handling_fee_rate, 0)
        = coalesce(last_terms.fee_handling_fee_rate, 0) as is_steady,
        fraction.item_number is not null as is_system,
        stated.basic as stated_basic,
        stated.settlement_row_id
    from int_payment as payment
    inner join ref_policy_day as policy on payment.period_from = policy.day
    inner join ref_policy_day as last_terms on payment.period_to = last_terms.day
    left join int_payer as payer on payment.party_id = payer.party_id
    left join int_payer_mode as payer_mode on payment.party_id = payer_mode.party_id
    left join int_union_now as union_now on payment.party_id = union_now.party_id
    left join basic_stated as stated on payment.row_id = stated.row_id
    left join ref_policy_item as fraction
        on
            payer.system_class = fraction.item_key
            and fraction.name = 'fee.system_fraction'
            and payment.period_from >= fraction.starts_on
            and payment.period_from < fraction.ends_on
    where
        payment.item = '工会经费'
        or payment.period_from >= add_months(date_trunc('month', union_now.founded_on), 1)

),

due as (

    select
        termed.row_id,
        case policy.fee_passback_day_type
            when 'working' then target.day
            else add_days(termed.treasury_on, policy.fee_passback_days)
        end as due_on,
        policy.fee_passback_day_type <> 'working' or (start.is_known and target.is_known)
            as is_calendar_known
    from termed
    inner join ref_policy_day as policy on termed.treasury_on = policy.day
    inner join ref_day as start on termed.treasury_on = start.day
    left join ref_day as target
        on start.workday_no + policy.fee_passback_days = target.workday_no and target.is_workday

)

select
    termed.row_id,
    termed.party_id,
    termed.item,
    termed.period_from,
    termed.period_to,
    termed.span_from,
    termed.span_to,
    termed.paid,
    termed.treasury_on,
    termed.fee_basic_share,
    termed.handling_rate,
    termed.settlement_row_id,
    termed.founded_on,
    coalesce(termed.has_open_account, false) as has_open_account,
    due.due_on,
    coalesce(due.is_calendar_known, false) as is_calendar_known,
    termed.stated_basic is not null as is_stated,
    termed.stated_basic is not null
    or (termed.is_steady and not termed.is_mode_unread) as is_mode_sure,
    termed.is_steady,
    termed.mode = '全额代收' and not termed.is_system as is_full_mode,
    termed.founded_on is not null and termed.period_to >= termed.founded_on as is_after_founding,
    coalesce(
        termed.stated_basic,
        case
            when termed.item = '工会经费' and (termed.mode = '部分代收' or termed.is_system)
                then 0
            else
                cast(round(
                    cast(
                        round(termed.paid * cast(1 - termed.handling_rate as decimal(10, 6)), 2)
                        as decimal(18, 2)
                    ) * termed.fee_basic_share, 2
                ) as decimal(18, 2))
        end
    ) as basic
from termed
left join due on termed.row_id = due.row_id

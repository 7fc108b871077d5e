-- card transactions: one row per source row; movement is what it does to the card's money
-- a file's own signs win where they agree with its kinds, else the kind gives the sign
-- is_repeat: the same transaction listed again (overlapping exports), counted once everywhere
-- is_reversed: cancelled by a reversal of the same card and amount, or such a reversal itself
-- base_kind: of a reversal, the kind that it reverses; txn_key: names the row without a row number
with

numbered as (

    select
        source.row_id,
        source.card_no,
        source.txn_at,
        cast(source.txn_at as date) as txn_on,
        source.txn_at <> date_trunc('day', source.txn_at) as has_time,
        source.kind,
        source.product,
        source.litres,
        source.unit_price,
        source.amount,
        source.balance,
        source.plate,
        source.odometer,
        source.station,
        source.city,
        source.serial_no,
        origin.file_id,
        card.card_type,
        coalesce(
            source.serial_no,
            case
                when source.balance is not null then 'B' || cast(source.balance as varchar)
                when source.txn_at <> date_trunc('day', source.txn_at) then 'T'
            end
        ) as identity_text
    from src_fuel_txn as source
    inner join source_row as origin on source.row_id = origin.row_id
    inner join int_card as card on source.card_no = card.card_no

),

file_sign as (  -- how many spends and top-ups of a file are below and above zero

    select
        file_id,
        sum(case when kind in ('加油', '非油品') then sign(amount) else 0 end) as spend_sign,
        sum(case when kind in ('充值', '圈存', '积分兑换') then sign(amount) else 0 end) as top_sign
    from numbered
    group by file_id

),

directed as (

    select
        numbered.*,
        abs(numbered.amount) as size_yuan,
        (file_sign.spend_sign < 0 and file_sign.top_sign >= 0)
        or (file_sign.spend_sign > 0 and file_sign.top_sign < 0) as is_signed,
        case when file_sign.top_sign < 0 then -1 else 1 end * numbered.amount as flow,
        case
            when numbered.kind in ('充值', '圈存', '积分兑换') then 1
            when numbered.kind in ('加油', '非油品', '圈提') then -1
            when numbered.kind = '分配' and numbered.card_type = '主卡' then -1
            when numbered.kind = '分配' then 1
            when numbered.kind = '退款' and numbered.product is null then -1
            when numbered.kind = '退款' then 1
        end as kind_sign,
        numbered.identity_text is not null and row_number() over (
            partition by
                numbered.card_no, numbered.txn_at, numbered.kind,
                numbered.amount, numbered.identity_text
            order by numbered.row_id asc
        ) > 1 as is_repeat
    from numbered
    inner join file_sign on numbered.file_id = file_sign.file_id

),

sided as (  -- lane_sign: the side on which a row adds a movement or takes one back

    select
        directed.*,
        case
            when kind = '冲正' or (kind = '退款' and product is not null) then true
            when is_signed and kind in ('分配', '退款') then false
            when is_signed then sign(flow) <> kind_sign
            else flow < 0
        end as is_reversal,
        case
            when kind = '冲正' and is_signed then -sign(flow)
            when kind = '退款' and product is not null then -1
            when is_signed and kind in ('分配', '退款') then sign(flow)
            else kind_sign
        end as lane_sign
    from directed
    where not is_repeat and size_yuan > 0

),

touched as (  -- cards and amounts with a reversal: few

    select distinct
        card_no,
        size_yuan
    from sided
    where is_reversal

),

sought as (  -- an unsigned reversal row takes back a spend, or a top-up where no spend fits

    select
        sided.*,
        max(case when not sided.is_reversal and sided.lane_sign < 0 then sided.txn_on end) over (
            partition by sided.card_no, sided.size_yuan
            order by sided.txn_at asc, sided.is_reversal asc, sided.row_id asc
            rows between unbounded preceding and current row
        ) as last_spend_on,
        max(case when not sided.is_reversal and sided.lane_sign > 0 then sided.txn_on end) over (
            partition by sided.card_no, sided.size_yuan
            order by sided.txn_at asc, sided.is_reversal asc, sided.row_id asc
            rows between unbounded preceding and current row
        ) as last_top_on
    from sided
    inner join touched
        on sided.card_no = touched.card_no and sided.size_yuan = touched.size_yuan

),

laned as (

    select
        row_id,
        card_no,
        txn_at,
        txn_on,
        kind,
        size_yuan,
        is_reversal,
        case
            when lane_sign is not null then lane_sign
            when date_diff('day', last_spend_on, txn_on) <= $match_window_days then -1
            when date_diff('day', last_top_on, txn_on) <= $match_window_days then 1
            else -1
        end as lane_sign
    from sought

),

stepped as (

    select
        laned.*,
        row_number() over (
            partition by card_no, size_yuan, lane_sign
            order by txn_at asc, is_reversal asc, row_id asc
        ) as step,
        sum(case when is_reversal then -1 else 1 end) over (
            partition by card_no, size_yuan, lane_sign
            order by txn_at asc, is_reversal asc, row_id asc
            rows between unbounded preceding and current row
        ) as height
    from laned

),

floored as (  -- a reversal with nothing to take back lowers the floor instead

    select
        stepped.*,
        least(
            0,
            coalesce(
                min(height) over (
                    partition by card_no, size_yuan, lane_sign
                    order by step asc
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )
        ) as floor_height
    from stepped

),

levelled as (

    select
        floored.*,
        height + case when is_reversal then 1 else 0 end - floor_height as level_no
    from floored

),

turned as (

    select
        levelled.*,
        row_number() over (
            partition by card_no, size_yuan, lane_sign, level_no, is_reversal
            order by step asc
        ) as turn
    from levelled
    where level_no > 0

),

reversed as (  -- the latest earlier movement of the same card and amount, within the window

    select
        original.row_id as original_row_id,
        original.kind as original_kind,
        reversal.row_id as reversal_row_id
    from turned as original
    inner join turned as reversal
        on
            original.card_no = reversal.card_no
            and original.size_yuan = reversal.size_yuan
            and original.lane_sign = reversal.lane_sign
            and original.level_no = reversal.level_no
            and original.turn = reversal.turn
    where
        not original.is_reversal
        and reversal.is_reversal
        and date_diff('day', original.txn_on, reversal.txn_on) <= $match_window_days

),

cancelled as (

    select
        original_row_id as row_id,
        original_kind as base_kind
    from reversed
    union all
    select
        reversal_row_id as row_id,
        original_kind as base_kind
    from reversed

)

select
    directed.row_id,
    directed.card_no,
    directed.txn_at,
    directed.txn_on,
    directed.has_time,
    directed.kind,
    coalesce(cancelled.base_kind, directed.kind) as base_kind,
    directed.product,
    abs(directed.litres) as litres,
    directed.unit_price,
    directed.amount,
    directed.size_yuan,
    cast(
        case
            when directed.is_signed then directed.flow
            when directed.kind = '冲正' then -laned.lane_sign * directed.size_yuan
            else directed.kind_sign * directed.flow
        end as decimal(18, 2)
    ) as movement,
    directed.balance,
    directed.plate,
    nullif(directed.odometer, 0) as odometer,
    directed.station,
    directed.city,
    directed.serial_no,
    strftime(directed.txn_at, '%Y-%m-%d %H:%M:%S') || '|' || directed.kind || '|'
    || coalesce(directed.serial_no, '') || '|' || cast(directed.amount as varchar) || '|'
    || cast(
        row_number() over (
            partition by
                directed.card_no, directed.txn_at, directed.kind,
                directed.serial_no, directed.amount, directed.is_repeat
            order by
                directed.litres asc, directed.odometer asc, directed.balance asc,
                directed.row_id asc
        ) as varchar
    ) as txn_key,
    directed.is_repeat,
    cancelled.row_id is not null as is_reversed
from directed
left join laned on directed.row_id = laned.row_id
left join cancelled on directed.row_id = cancelled.row_id

-- FUEL-02 refund-not-booked
-- grain: one row per refund (card_no, txn_key); a state as of the day
select
    refund.card_no,
    refund.txn_key,
    refund.party_id,
    refund.party_name,
    strftime(refund.txn_on, '%Y-%m-%d') as period,
    case
        when
            refund.is_ambiguous
            or refund.candidate_row_id is not null
            or refund.carried_row_id is not null
            or refund.is_unseen
            then 'verify'
        else 'write_off'
    end as direction,
    refund.amount,
    refund.amount as expected,
    cast(0 as decimal(18, 2)) as actual,
    null as formula,
    refund.money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    refund.card_last4,
    refund.kind,
    refund.txn_on,
    refund.due_on,
    refund.candidate_row_id,
    refund.candidate_on,
    refund.candidate_party,
    refund.carried_row_id,
    refund.carried_last4,
    case
        when refund.candidate_row_id is null then ''
        else
            '；' || strftime(refund.candidate_on, '%Y-%m-%d') || '有一笔同额进账，须核实是否为退款'
    end || case
        when refund.carried_row_id is null then ''
        else '；当日尾号' || refund.carried_last4 || '的油卡充入同额，须核实是否换卡转入'
    end || case when refund.is_unseen then '；到账期间有的年份没有银行流水，须核实' else '' end as note,
    refund.row_id as source_row_id
from int_card_refund as refund
where refund.state = 'missing' and refund.due_on < $as_of
order by refund.card_no, refund.txn_key

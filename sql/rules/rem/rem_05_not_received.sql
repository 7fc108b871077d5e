-- REM-05 collected-not-received
-- grain: one row per batch_no
with

received as (

    select
        batch_no,
        sum(amount) as received
    from int_batch_receipt
    group by batch_no

),

unclear as (  -- batches that several sums of bank lines would explain equally well

    select distinct settlement.batch_no
    from match_line as line
    inner join stg_settlement as settlement on line.line_id = settlement.row_id
    where line.pairing = 'settlement_bank' and line.class = 'ambiguous'

),

compared as (

    select
        batch.batch_no,
        batch.settled_on,
        batch.expected,
        cast(coalesce(received.received, 0) as decimal(18, 2)) as received,
        received.batch_no is not null as has_receipt,
        unclear.batch_no is not null as is_unclear,
        add_days(batch.settled_on, policy.fee_bank_days) as receive_by,
        cast(batch.expected - coalesce(received.received, 0) as decimal(18, 2)) as short
    from int_batch as batch
    inner join ref_policy_day as policy on batch.settled_on = policy.day
    left join received on batch.batch_no = received.batch_no
    left join unclear on batch.batch_no = unclear.batch_no

)

select
    compared.batch_no,
    'N:' || self.name_key as party_id,
    nullif(self.name, '') as party_name,
    period_text(compared.settled_on, compared.settled_on) as period,
    'verify' as direction,
    abs(compared.short) as amount,
    compared.expected,
    compared.received as actual,
    cast(compared.expected as varchar) || '−' || cast(compared.received as varchar) || '='
    || cast(compared.short as varchar) as formula,
    cast(null as varchar) as money_key,
    compared.settled_on as report_from,
    compared.settled_on as report_to,
    compared.settled_on,
    compared.receive_by,
    case
        when compared.has_receipt then '到账金额不符'
        when compared.is_unclear then '到账有几种可能，待确认匹配'
        else '没有到账'
    end as reason
from compared
cross join ref_self as self
where
    abs(compared.short) > $tolerance_split_yuan
    and (compared.has_receipt or $as_of > compared.receive_by)
order by compared.batch_no

-- LED-07 booked-twice
-- grain: one row per kind, day and content of the voucher
with

same as (  -- equal vouchers of one day that stand

    select
        entry_on,
        summary,
        party_key,
        first_account,
        last_account,
        lines,
        debit,
        credit,
        is_red,
        min(party_name) as party_name,
        min(party_id) as party_id,
        count(*) - case when is_red then 0 else 1 end as extra
    from int_voucher_standing
    group by
        entry_on, summary, party_key, first_account, last_account, lines, debit, credit, is_red

)

select
    case when same.is_red then '红字无原凭证' else '重复入账' end as kind,
    same.entry_on,
    same.summary,
    same.party_key,
    same.first_account,
    same.last_account,
    same.lines,
    abs(same.debit) as debit,
    abs(same.credit) as credit,
    coalesce(same.party_id, 'N:' || own.name_key) as party_id,
    coalesce(same.party_name, own.name) as party_name,
    strftime(same.entry_on, '%Y-%m-%d') as period,
    'verify' as direction,
    cast(abs(same.debit) * same.extra as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(abs(same.debit) * same.extra as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    same.entry_on as report_from,
    same.entry_on as report_to
from same
cross join ref_self as own
where same.extra > 0
order by
    kind, same.entry_on, same.summary, same.party_key, same.first_account, same.last_account,
    same.lines, debit, credit;

select
    found.exception_no,
    line.row_id
from found
inner join int_voucher_standing as voucher
    on
        found.entry_on = voucher.entry_on
        and found.summary = voucher.summary
        and found.party_key = voucher.party_key
        and found.first_account = voucher.first_account
        and found.last_account = voucher.last_account
        and found.lines = voucher.lines
        and found.debit = abs(voucher.debit)
inner join stg_gl_entry as line
    on voucher.entry_on = line.entry_on and voucher.voucher_no = line.voucher_no

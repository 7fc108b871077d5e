-- LED-07 booked-twice
-- grain: one row per kind, day and content of the voucher
with

same as (  -- equal vouchers of one day

    select
        entry_on,
        summary,
        party_key,
        first_account,
        last_account,
        lines,
        debit,
        credit,
        min(party_name) as party_name,
        min(party_id) as party_id,
        count(*) as copies
    from int_voucher
    where debit > 0
    group by
        entry_on, summary, party_key, first_account, last_account, lines, debit, credit

),

red as (  -- vouchers in red, each of which takes one away

    select
        summary,
        party_key,
        first_account,
        last_account,
        lines,
        -debit as debit,
        -credit as credit,
        min(entry_on) as first_on,
        min(party_name) as party_name,
        min(party_id) as party_id,
        count(*) as copies
    from int_voucher
    where debit < 0
    group by summary, party_key, first_account, last_account, lines, debit, credit

),

twice as (

    select
        '重复入账' as kind,
        same.entry_on,
        same.summary,
        same.party_key,
        same.first_account,
        same.last_account,
        same.lines,
        same.debit,
        same.credit,
        same.party_name,
        same.party_id,
        same.copies - 1 - coalesce(red.copies, 0) as extra
    from same
    left join red
        on
            same.summary = red.summary
            and same.party_key = red.party_key
            and same.first_account = red.first_account
            and same.last_account = red.last_account
            and same.lines = red.lines
            and same.debit = red.debit
            and same.credit = red.credit
            and same.entry_on <= red.first_on

),

lone as (  -- red vouchers that take away what nobody booked

    select
        '红字无原凭证' as kind,
        red.first_on as entry_on,
        red.summary,
        red.party_key,
        red.first_account,
        red.last_account,
        red.lines,
        red.debit,
        red.credit,
        red.party_name,
        red.party_id,
        red.copies as extra
    from red
    left join same
        on
            red.party_key = same.party_key
            and red.first_account = same.first_account
            and red.last_account = same.last_account
            and red.debit = same.debit
            and red.credit = same.credit
    where same.entry_on is null

),

listed as (

    select
        kind,
        entry_on,
        summary,
        party_key,
        first_account,
        last_account,
        lines,
        debit,
        credit,
        party_name,
        party_id,
        extra
    from twice
    where extra > 0
    union all
    select
        kind,
        entry_on,
        summary,
        party_key,
        first_account,
        last_account,
        lines,
        debit,
        credit,
        party_name,
        party_id,
        extra
    from lone

)

select
    listed.kind,
    listed.entry_on,
    listed.summary,
    listed.party_key,
    listed.first_account,
    listed.last_account,
    listed.lines,
    listed.debit,
    listed.credit,
    coalesce(listed.party_id, 'N:' || own.name_key) as party_id,
    coalesce(listed.party_name, own.name) as party_name,
    strftime(listed.entry_on, '%Y-%m-%d') as period,
    'verify' as direction,
    cast(listed.debit * listed.extra as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(listed.debit * listed.extra as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    listed.entry_on as report_from,
    listed.entry_on as report_to
from listed
cross join ref_self as own
order by
    listed.kind, listed.entry_on, listed.summary, listed.party_key, listed.first_account,
    listed.last_account, listed.lines, listed.debit, listed.credit;

select
    found.exception_no,
    voucher.row_id
from found
inner join int_voucher as voucher
    on
        found.summary = voucher.summary
        and found.party_key = voucher.party_key
        and found.first_account = voucher.first_account
        and found.last_account = voucher.last_account
        and found.lines = voucher.lines
        and found.debit = abs(voucher.debit)
where found.entry_on = voucher.entry_on

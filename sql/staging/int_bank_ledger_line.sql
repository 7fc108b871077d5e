-- lines of bank and ledger as the matcher left them, internal transfers apart: one row per line
-- account: the bank's account number or the ledger's account code
-- is_met: the line has its counterpart; is_firm: not by the amount alone
-- is_surplus: one of several equal lines, of which this side has more than the other
with

placed as (

    select
        matched.line_id as row_id,
        matched.side,
        matched.class,
        matched.pass_no,
        matched.group_id,
        coalesce(bank.account_no, ledger.account_code, '') as account,
        coalesce(bank.posted_on, ledger.entry_on) as day,
        coalesce(bank.serial_no, ledger.voucher_no) as reference,
        coalesce(bank.line_no, ledger.line_no) as line_no
    from match_line as matched
    left join int_bank_key as bank on matched.line_id = bank.row_id and matched.side = 'a'
    left join int_ledger_key as ledger on matched.line_id = ledger.row_id and matched.side = 'b'
    where
        matched.pairing = 'bank_ledger'
        and matched.class <> 'internal'
        and matched.amount <> 0

),

equal_lines as (  -- doubts about lines of one amount: how many lines each side has

    select
        group_id,
        sum(case when side = 'a' then 1 else 0 end) as a_lines,
        sum(case when side = 'b' then 1 else 0 end) as b_lines
    from placed
    where class = 'ambiguous' and pass_no <= 3
    group by group_id

)

select
    placed.row_id,
    placed.side,
    placed.class,
    placed.group_id,
    placed.account,
    placed.day,
    placed.class in ('confirmed', 'matched') and placed.pass_no < 7
    or equal_lines.group_id is not null as is_met,
    (placed.class in ('confirmed', 'matched') or equal_lines.group_id is not null)
    and placed.pass_no < 7 and placed.pass_no <> 3 as is_firm,
    coalesce(
        row_number() over (
            partition by placed.side, placed.group_id, equal_lines.group_id
            order by placed.day asc, placed.reference asc, placed.line_no asc, placed.row_id asc
        ) > case when placed.side = 'a' then equal_lines.b_lines else equal_lines.a_lines end,
        false
    ) as is_surplus
from placed
left join equal_lines
    on
        placed.group_id = equal_lines.group_id
        and placed.class = 'ambiguous'
        and placed.pass_no <= 3

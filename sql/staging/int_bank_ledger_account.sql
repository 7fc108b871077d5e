-- accounts of bank and ledger that can be compared: one row per side and account
-- an account none of whose lines has a counterpart (at most by the amount alone, and less than half
-- of them) is one that the other side does not keep; the only account of both sides always is one
-- covered_from/to: the days of the statements with which it agrees (a bank account: its own)
with

tally as (

    select
        side,
        account,
        count(*) as lines,
        sum(case when is_met then 1 else 0 end) as met,
        sum(case when is_firm then 1 else 0 end) as firm
    from int_bank_ledger_line
    group by side, account

),

side_count as (

    select
        sum(case when side = 'a' then 1 else 0 end) as a_accounts,
        sum(case when side = 'b' then 1 else 0 end) as b_accounts
    from tally

),

statement as (

    select
        account,
        min(day) as first_day,
        max(day) as last_day
    from int_bank_ledger_line
    where side = 'a'
    group by account

),

agreed as (

    select
        ledger.account,
        min(statement.first_day) as covered_from,
        max(statement.last_day) as covered_to
    from int_bank_ledger_line as ledger
    inner join int_bank_ledger_line as bank on ledger.group_id = bank.group_id
    inner join statement on bank.account = statement.account
    where ledger.is_met
    group by ledger.account

)

select
    tally.side,
    tally.account,
    agreed.covered_from,
    agreed.covered_to
from tally
cross join side_count
left join agreed on tally.account = agreed.account
where
    tally.firm > 0
    or 2 * tally.met >= tally.lines
    or (side_count.a_accounts = 1 and side_count.b_accounts = 1)

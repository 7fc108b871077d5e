-- one row per current account and counterparty: its latest balance by as-of and since when it is
-- unmoved, by the balances and, where they are there, by the entries
-- current accounts are those of the chart of each month (int_account); leaf accounts only; rows by
-- counterparty go before a total row of the same account
-- a new chart of accounts carries balances over (ref_account_change): the rows before belong to the
-- one account of the new chart with the same counterparty, or else the same name of its own;
-- a voucher of the first month that posts just the balance carried over is no movement
with

balance as (

    select
        balance.row_id,
        cast(date_trunc('month', balance.month) as date) as month,
        balance.account_code,
        balance.account_name,
        account.account,
        account.holds_prep,
        account.ages,
        account.starts_on,
        account.own_name,
        balance.aux_party,
        coalesce(balance.aux_party_key, '') as party_key,
        balance.debit,
        balance.credit,
        balance.closing
    from src_gl_balance as balance
    inner join int_account as account
        on
            balance.account_code = account.account_code
            and balance.account_name = account.account_name
            and balance.month >= account.starts_on
            and balance.month < account.ends_on
    where last_day(balance.month) <= $as_of

),

coded as (

    select distinct
        account_code,
        starts_on
    from balance

),

size as (

    select distinct length(account_code) as letters
    from coded

),

parent as (  -- every beginning of a code that is a code of the same chart too

    select distinct
        substr(low.account_code, 1, size.letters) as account_code,
        low.starts_on
    from coded as low
    cross join size
    inner join coded as high
        on
            low.starts_on = high.starts_on
            and substr(low.account_code, 1, size.letters) = high.account_code
    where size.letters < length(low.account_code)

),

told as (

    select
        balance.*,
        max(case when balance.party_key <> '' then 1 else 0 end) over (
            partition by balance.month, balance.account_code
        ) as has_parties
    from balance
    left join parent
        on
            balance.account_code = parent.account_code
            and balance.starts_on = parent.starts_on
    where balance.ages and parent.account_code is null

),

leaf as (

    select *
    from told
    where has_parties = 0 or party_key <> ''

),

line as (

    select
        account_code,
        party_key,
        starts_on,
        max(account) as account,
        max(regexp_replace(own_name, '^/(应付|应收)', '/')) as own_name,
        bool_or(closing <> 0) as has_balance
    from leaf
    group by account_code, party_key, starts_on

),

followed as (  -- what an account became, where the chart of the next day has one that it can be

    select
        line.account_code,
        line.party_key,
        line.starts_on,
        count(distinct next_line.account_code) as codes,
        min(next_line.account_code) as next_code,
        min(next_line.starts_on) as next_on
    from line
    inner join ref_account_change as change
        on
            line.account = change.old_code
            and line.starts_on < change.changed_on
            and (change.part = '' or line.party_key <> '' or contains(line.own_name, change.part))
    inner join line as next_line
        on
            change.new_code = next_line.account
            and change.changed_on = next_line.starts_on
            and line.party_key = next_line.party_key
            and (line.party_key <> '' or line.own_name = next_line.own_name)
            and next_line.has_balance
    group by line.account_code, line.party_key, line.starts_on

),

ended as (  -- the ledger goes on in the new chart: what stands under the old one was carried over

    select distinct
        line.account_code,
        line.starts_on
    from line
    inner join ref_account_change as change
        on line.account = change.old_code and line.starts_on < change.changed_on
    inner join line as next_line
        on change.new_code = next_line.account and change.changed_on = next_line.starts_on

),

carried as (

    select
        line.account_code,
        line.party_key,
        line.starts_on,
        case when followed.codes = 1 then followed.next_code else line.account_code end
            as line_code,
        case when followed.codes = 1 then followed.next_on else line.starts_on end as line_on
    from line
    left join followed
        on
            line.account_code = followed.account_code
            and line.party_key = followed.party_key
            and line.starts_on = followed.starts_on
    left join ended
        on line.account_code = ended.account_code and line.starts_on = ended.starts_on
    where ended.account_code is null or coalesce(followed.codes, 0) = 1

),

placed as (

    select
        leaf.*,
        carried.line_code,
        carried.line_on,
        row_number() over (
            partition by carried.line_code, carried.line_on, leaf.party_key
            order by leaf.month desc, leaf.row_id desc
        ) as turn
    from leaf
    inner join carried
        on
            leaf.account_code = carried.account_code
            and leaf.party_key = carried.party_key
            and leaf.starts_on = carried.starts_on

),

before as (  -- the balance under the chart before

    select
        line_code,
        line_on,
        party_key,
        closing
    from placed
    where starts_on < line_on
    qualify row_number() over (
        partition by line_code, line_on, party_key order by month desc, row_id desc
    ) = 1

),

posted as (  -- first months of a chart in which nothing moved but, perhaps, what was carried over

    select
        placed.line_code,
        placed.line_on,
        placed.party_key,
        placed.row_id
    from placed
    inner join before
        on
            placed.line_code = before.line_code
            and placed.line_on = before.line_on
            and placed.party_key = before.party_key
    where
        placed.month = placed.line_on
        and placed.closing = before.closing
        and before.closing <> 0
        and (placed.debit = 0 or placed.credit = 0)

),

moved as (

    select
        placed.line_code,
        placed.line_on,
        placed.party_key,
        min(placed.month) as first_month,
        max(
            case
                when posted.row_id is null and (placed.debit <> 0 or placed.credit <> 0)
                    then placed.month
            end
        ) as moved_month,
        bool_or(posted.row_id is not null) as is_posted
    from placed
    left join posted on placed.row_id = posted.row_id
    group by placed.line_code, placed.line_on, placed.party_key

),

booked as (

    select
        entry.account_code,
        account.starts_on,
        coalesce(entry.aux_party_key, '') as party_key,
        max(entry.entry_on) as last_on,
        max(
            case
                when entry.entry_on > last_day(account.starts_on) then entry.entry_on
            end
        ) as later_on
    from stg_gl_entry as entry
    inner join int_account as account
        on
            entry.account_code = account.account_code
            and entry.account_name = account.account_name
            and entry.entry_on >= account.starts_on
            and entry.entry_on < account.ends_on
    where entry.amount <> 0 and entry.entry_on <= $as_of
    group by entry.account_code, account.starts_on, coalesce(entry.aux_party_key, '')

),

entry as (  -- by counterparty, and of any where the account has none

    select
        carried.line_code,
        carried.line_on,
        carried.party_key,
        max(booked.last_on) as last_on,
        max(
            case
                when booked.starts_on < carried.line_on then booked.last_on
                else booked.later_on
            end
        ) as later_on
    from carried
    inner join booked
        on
            carried.account_code = booked.account_code
            and carried.starts_on = booked.starts_on
            and (carried.party_key = '' or carried.party_key = booked.party_key)
    group by carried.line_code, carried.line_on, carried.party_key

),

dated as (

    select
        moved.line_code,
        moved.line_on,
        moved.party_key,
        coalesce(last_day(moved.moved_month), moved.first_month) as told_on,
        coalesce(moved.moved_month, moved.first_month) as told_month,
        case when moved.is_posted then entry.later_on else entry.last_on end as last_on
    from moved
    left join entry
        on
            moved.line_code = entry.line_code
            and moved.line_on = entry.line_on
            and moved.party_key = entry.party_key

)

select
    placed.row_id,
    placed.account_code,
    placed.account_name,
    placed.holds_prep,
    placed.aux_party,
    placed.party_key,
    by_name.party_id,
    placed.closing,
    case when dated.last_on >= dated.told_month then dated.last_on else dated.told_on end
        as unmoved_since
from placed
inner join dated
    on
        placed.line_code = dated.line_code
        and placed.line_on = dated.line_on
        and placed.party_key = dated.party_key
left join party_of_name as by_name on placed.party_key = by_name.name_key
where placed.turn = 1

-- one row per account of the ledger (code and name) and chart of accounts in its days: which
-- account of that chart it is; account, title and kind are null where nothing tells it
-- its name tells it (the first part that begins as an account of the chart does), else the account
-- above it in the ledger, else its code where the codes of the ledger are those of the chart, else
-- the first account whose name stands anywhere in it; a sub-account that has only its own name is
-- told by its code where the ledger has that account under that code; a name that only the chart
-- before has is the account that took its balances over, and none where several did
-- own_name: what the name says below the account; path: the name in parts, each after a '/'
with

seen as (

    select
        account_code,
        account_name,
        min(entry_on) as first_on,
        max(entry_on) as last_on
    from src_gl_entry
    group by account_code, account_name
    union all
    select
        account_code,
        account_name,
        min(month) as first_on,
        max(month) as last_on
    from src_gl_balance
    group by account_code, account_name

),

chart as (

    select distinct
        starts_on,
        ends_on
    from ref_account

),

spelt as (  -- a name that is spread by blanks, character by character, without them

    select
        seen.*,
        case
            when regexp_matches(account_name, '^[^一-鿿]*[一-鿿][ 　]+[一-鿿]([^一-鿿]|$)')
                then regexp_replace(account_name, '[ 　]+', '', 'g')
            else account_name
        end as spelling
    from seen

),

used as (

    select distinct
        seen.account_code,
        seen.account_name,
        chart.starts_on,
        chart.ends_on,
        '/' || regexp_replace(
            regexp_replace(seen.spelling, '^[^一-鿿A-Za-z]+', ''),
            '[^一-鿿A-Za-z0-9（）()]+', '/', 'g'
        ) as path,
        substr(regexp_replace(seen.account_code, '[^0-9]', '', 'g'), 1, 3) as top_code,
        regexp_replace(seen.account_code, '[^0-9]', '', 'g') as digits,
        regexp_matches(seen.account_code, '^[0-9]{3}(([0-9]{2})*|[^0-9].*)$') as is_chart_like,
        regexp_matches(seen.account_code, '^[0-9]{3}([0-9]{3})+$') as is_by_threes
    from spelt as seen
    inner join chart on seen.last_on >= chart.starts_on and seen.first_on < chart.ends_on

),

told as (  -- accounts that a name could mean, the likeliest first

    select
        used.account_code,
        used.account_name,
        used.starts_on,
        account.top_code as named_code,
        strpos(used.path, '/' || account.short) as place,
        length(account.short) as letters,
        row_number() over (
            partition by used.account_code, used.account_name, used.starts_on
            order by
                strpos(used.path, '/' || account.short) asc,
                length(account.short) desc,
                account.code asc
        ) as turn
    from used
    inner join ref_account as account
        on
            used.starts_on = account.starts_on
            and contains(used.path, '/' || account.short)
            and (
                account.code = account.top_code
                or used.digits = account.code
            )

),

carried as (  -- names that begin as an account which only the chart before has

    select
        used.account_code,
        used.account_name,
        used.starts_on,
        length(account.short) as letters,
        case when count(distinct change.new_code) = 1 then min(change.new_code) else '' end
            as named_code
    from used
    inner join ref_account as account
        on
            used.starts_on = account.ends_on
            and account.code = account.top_code
            and strpos(used.path, '/' || account.short) = 1
    left join ref_account as still
        on
            used.starts_on = still.starts_on
            and account.short = still.short
    left join ref_account_change as change
        on
            account.code = change.old_code
            and used.starts_on = change.changed_on
            and change.part = ''
    where still.code is null
    group by used.account_code, used.account_name, used.starts_on, account.code, account.short
    qualify row_number() over (
        partition by used.account_code, used.account_name, used.starts_on
        order by length(account.short) desc, account.code asc
    ) = 1

),

named as (

    select
        used.*,
        case
            when told.place = 1 and told.letters >= coalesce(carried.letters, 0)
                then told.named_code
            else coalesce(carried.named_code, told.named_code)
        end as named_code
    from used
    left join carried
        on
            used.account_code = carried.account_code
            and used.account_name = carried.account_name
            and used.starts_on = carried.starts_on
    left join told
        on
            used.account_code = told.account_code
            and used.account_name = told.account_name
            and used.starts_on = told.starts_on
            and told.turn = 1

),

agreed as (  -- codes under which the ledger keeps what the chart keeps there, or something else
    -- (a first-level account; one leaf with an odd name tells nothing of the others)

    select
        starts_on,
        top_code,
        bool_or(named_code = top_code) as is_kept,
        bool_or(named_code <> top_code and length(digits) <= 4) as is_other,
        bool_or(named_code <> top_code) as has_other
    from named
    where named_code is not null
    group by starts_on, top_code

),

ledger as (

    select
        starts_on,
        bool_or(is_kept) as is_kept,
        bool_or(has_other) as is_other
    from agreed
    group by starts_on

),

four as (  -- ledgers with first-level codes of four digits, or with one that no chart begins

    select distinct used.starts_on
    from used
    left join ref_account as account on used.top_code = account.code
    where
        regexp_matches(used.account_code, '^[0-9]{4}([^0-9].*)?$')
        or (used.is_by_threes and account.code is null)

),

size as (

    select distinct
        starts_on,
        length(account_code) as letters
    from named
    where named_code is not null

),

high as (

    select
        account_code as high_code,
        account_name as high_name,
        starts_on as high_starts_on,
        named_code as high_named_code
    from named
    where named_code is not null

),

above as (  -- the nearest account above whose name tells it

    select
        low.account_code,
        low.account_name,
        low.starts_on,
        high.high_named_code as named_code,
        row_number() over (
            partition by low.account_code, low.account_name, low.starts_on
            order by size.letters desc, high.high_name asc
        ) as turn
    from named as low
    inner join size
        on low.starts_on = size.starts_on and length(low.account_code) > size.letters
    inner join high
        on
            low.starts_on = high.high_starts_on
            and substr(low.account_code, 1, size.letters) = high.high_code

),

judged as (

    select
        named.*,
        case
            when named.named_code = named.top_code then named.named_code
            -- a sub-account with a name of its own under a code that the ledger keeps as the chart
            when
                coalesce(agreed.is_kept, false)
                and length(named.digits) > 3
                and strpos(substr(named.path, 2), '/') = 0
                then named.top_code
            when named.named_code is not null then named.named_code
            when above.named_code is not null then above.named_code
            when coalesce(agreed.is_kept, false) then named.top_code
            when
                (named.is_chart_like or (named.is_by_threes and four.starts_on is null))
                and not coalesce(agreed.is_other, false)
                and (coalesce(ledger.is_kept, false) or not coalesce(ledger.is_other, false))
                then named.top_code
        end as account
    from named
    left join agreed
        on named.starts_on = agreed.starts_on and named.top_code = agreed.top_code
    left join ledger on named.starts_on = ledger.starts_on
    left join four on named.starts_on = four.starts_on
    left join above
        on
            named.account_code = above.account_code
            and named.account_name = above.account_name
            and named.starts_on = above.starts_on
            and above.turn = 1

),

anywhere as (

    select
        judged.account_code,
        judged.account_name,
        judged.starts_on,
        account.code as account,
        row_number() over (
            partition by judged.account_code, judged.account_name, judged.starts_on
            order by
                strpos(judged.account_name, account.short) asc,
                length(account.short) desc,
                account.code asc
        ) as turn
    from judged
    left join ref_account as own
        on
            judged.starts_on = own.starts_on
            and judged.account = own.code
    inner join ref_account as account
        on
            judged.starts_on = account.starts_on
            and account.code = account.top_code
            and length(account.short) >= 4
            and contains(judged.account_name, account.short)
    where own.code is null

)

select
    judged.account_code,
    judged.account_name,
    judged.starts_on,
    judged.ends_on,
    account.code as account,
    account.title,
    account.kind,
    coalesce(account.ages, false) as ages,
    coalesce(account.holds_prep, false) as holds_prep,
    case
        when account.code is null then judged.path
        when strpos(judged.path, '/' || account.short) = 0 then judged.path
        else
            regexp_replace(
                substr(
                    judged.path,
                    strpos(judged.path, '/' || account.short) + 1 + length(account.short)
                ),
                '^[^/]*', ''
            )
    end as own_name
from judged
left join anywhere
    on
        judged.account_code = anywhere.account_code
        and judged.account_name = anywhere.account_name
        and judged.starts_on = anywhere.starts_on
        and anywhere.turn = 1
left join ref_account as by_code
    on judged.starts_on = by_code.starts_on and judged.account = by_code.code
left join ref_account as account
    on
        judged.starts_on = account.starts_on
        and coalesce(by_code.code, anywhere.account) = account.code

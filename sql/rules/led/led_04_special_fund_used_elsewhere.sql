-- LED-04 special-fund-used-elsewhere
-- grain: one row per project and account_code
with

received as (  -- projects for which money came in

    select distinct project
    from stg_gl_entry
    where
        amount < 0
        and (
            account_kind in ('income', 'upper_income')
            or (account_kind is null and account_name like '%收入%')
        )

),

closing as (  -- vouchers that carry expenses over to the balance of the year

    select distinct
        entry_on,
        voucher_no
    from stg_gl_entry
    where account_kind = 'fund' and amount > 0

),

spent as (

    select
        entry.project,
        entry.account_code,
        min(entry.account_name) as account_name,
        min(entry.entry_on) as report_from,
        max(entry.entry_on) as report_to,
        cast(sum(entry.amount) as decimal(18, 2)) as spent
    from stg_gl_entry as entry
    inner join received on entry.project = received.project
    inner join ref_policy_item as other
        on
            other.name = 'ledger.general_accounts'
            and entry.entry_on >= other.starts_on
            and entry.entry_on < other.ends_on
            and contains(
                coalesce(entry.account_title, '') || '/' || entry.account_name, other.item_text
            )
    left join closing
        on entry.entry_on = closing.entry_on and entry.voucher_no = closing.voucher_no
    where entry.amount > 0 or closing.voucher_no is null
    group by entry.project, entry.account_code

)

select
    project,
    account_code,
    'N:' || project as party_id,
    project as party_name,
    '' as period,
    'verify' as direction,
    spent as amount,
    cast(0 as decimal(18, 2)) as expected,
    spent as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    report_from,
    report_to,
    account_name
from spent
where spent > 0
order by project, account_code

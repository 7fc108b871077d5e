-- vouchers that stand: red ones that take back nothing, others that no red one takes back
-- a red voucher takes back the latest earlier one of its party, accounts and amounts, whatever it
-- says
with

stacked as (  -- vouchers push, red ones pop

    select
        int_voucher.*,
        abs(debit) as size_debit,
        abs(credit) as size_credit,
        debit < 0 as is_red,
        sum(case when debit < 0 then -1 else 1 end) over (
            partition by party_key, first_account, last_account, abs(debit), abs(credit)
            order by entry_on asc, debit desc, row_id asc
            rows between unbounded preceding and current row
        ) as height,
        row_number() over (
            partition by party_key, first_account, last_account, abs(debit), abs(credit)
            order by entry_on asc, debit desc, row_id asc
        ) as step
    from int_voucher
    where debit <> 0

),

floored as (  -- a red voucher with nothing to take back lowers the floor instead

    select
        stacked.*,
        height + case when is_red then 1 else 0 end - least(
            0,
            coalesce(
                min(height) over (
                    partition by party_key, first_account, last_account, size_debit, size_credit
                    order by step asc
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )
        ) as depth
    from stacked

),

followed as (  -- on its level, a voucher is taken back by the red one that comes next

    select
        floored.*,
        lead(is_red, 1, false) over (
            partition by
                party_key, first_account, last_account, size_debit, size_credit, depth
            order by step asc
        ) as is_taken_back
    from floored

)

select
    entry_on,
    voucher_no,
    row_id,
    summary,
    party_key,
    party_name,
    party_id,
    lines,
    first_account,
    last_account,
    debit,
    credit,
    is_red
from followed
where case when is_red then depth < 1 else not is_taken_back end

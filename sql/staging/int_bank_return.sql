-- lines of own accounts that cancel each other: money out that the bank sent back (退汇, 冲正 and the
-- like, or a negative payment), the latest earlier payment of account, party and amount
with

candidate as (

    select
        line.row_id,
        line.posted_on,
        coalesce(line.account_no, '') as account_no,
        line.party_name_key,
        abs(line.amount) as size_yuan,
        line.amount < 0 as is_payment
    from int_bank_key as line
    inner join stg_bank_txn as bank on line.row_id = bank.row_id
    where
        not line.is_repeat
        and (
            line.amount < 0
            or (
                line.amount > 0
                and (
                    bank.money_out < 0
                    or regexp_matches(
                        line.summary, '退汇|退票|退回|退款|冲正|冲销|冲账|抹账|撤销'
                    )
                )
            )
        )

),

touched as (  -- account, party and amount of returns: few

    select distinct
        account_no,
        party_name_key,
        size_yuan
    from candidate
    where not is_payment

),

stacked as (  -- payments push, returns pop

    select
        candidate.*,
        sum(case when candidate.is_payment then 1 else -1 end) over (
            partition by candidate.account_no, candidate.party_name_key, candidate.size_yuan
            order by
                candidate.posted_on asc, candidate.is_payment desc, candidate.row_id asc
            rows between unbounded preceding and current row
        ) as height,
        row_number() over (
            partition by candidate.account_no, candidate.party_name_key, candidate.size_yuan
            order by
                candidate.posted_on asc, candidate.is_payment desc, candidate.row_id asc
        ) as step
    from candidate
    inner join touched
        on
            candidate.account_no = touched.account_no
            and candidate.party_name_key = touched.party_name_key
            and candidate.size_yuan = touched.size_yuan

),

floored as (  -- a return with nothing to take back lowers the floor instead

    select
        stacked.*,
        height + case when is_payment then 0 else 1 end - least(
            0,
            coalesce(
                min(height) over (
                    partition by account_no, party_name_key, size_yuan
                    order by step asc
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )
        ) as depth
    from stacked

),

ranked as (  -- depth: the level that a line stands on or takes away

    select
        floored.*,
        row_number() over (
            partition by account_no, party_name_key, size_yuan, depth, is_payment
            order by step asc
        ) as turn
    from floored
    where depth > 0

),

returned as (

    select
        payment.row_id as payment_row_id,
        sent_back.row_id as return_row_id
    from ranked as payment
    inner join ranked as sent_back
        on
            payment.account_no = sent_back.account_no
            and payment.party_name_key = sent_back.party_name_key
            and payment.size_yuan = sent_back.size_yuan
            and payment.depth = sent_back.depth
            and payment.turn = sent_back.turn
    where payment.is_payment and not sent_back.is_payment

)

select payment_row_id as row_id
from returned
union all
select return_row_id as row_id
from returned

-- refunds of cards to the bank (退款 without a product, 圈提), each with the money that arrived:
-- same amount, within fuel.refund_days, first on an account of the card's owner, else elsewhere;
-- from an oil company or saying that it is a refund: another equal amount is a candidate only
-- several refunds in one amount, or one in several: as the matcher (refund_bank) puts them together
-- state: booked, elsewhere (another unit's account), missing; amounts that repeat go in day order
-- is_ambiguous: missing here, while several sums of the matcher would explain it equally well
with

refund as (

    select
        txn.row_id,
        txn.card_no,
        txn.txn_key,
        txn.kind,
        txn.txn_on,
        txn.size_yuan as amount,
        add_days(txn.txn_on, policy.fuel_refund_days) as due_on,
        policy.fuel_refund_days as refund_days,
        card.party_id,
        card.owner_unit as party_name,
        coalesce(card.owner_key, '') as owner_key,
        card.card_last4
    from stg_fuel_txn as txn
    inner join ref_policy_day as policy on txn.txn_on = policy.day
    inner join int_card as card on txn.card_no = card.card_no
    where
        (txn.kind = '圈提' or (txn.kind = '退款' and txn.product is null))
        and txn.movement < 0
        and not txn.is_repeat
        and not txn.is_reversed

),

parted as (  -- a refund after a longer pause than the window begins a new run

    select
        refund.*,
        case
            when
                date_diff(
                    'day',
                    lag(txn_on) over (
                        partition by owner_key, amount order by txn_on asc, txn_key asc
                    ),
                    txn_on
                ) <= refund_days
                then 0
            else 1
        end as is_first
    from refund

),

in_run as (

    select
        parted.*,
        sum(is_first) over (
            partition by owner_key, amount
            order by txn_on asc, card_no asc, txn_key asc
            rows between unbounded preceding and current row
        ) as run_no
    from parted

),

own as (

    select count(*) as accounts from ref_self_account

),

issued as (  -- lines from an oil company

    select distinct line.row_id
    from stg_bank_txn as line
    inner join ref_policy_item as issuer
        on
            issuer.name = 'fuel.refund_parties'
            and line.posted_on >= issuer.starts_on
            and line.posted_on < issuer.ends_on
            and contains(line.party_name, issuer.item_text)
    where line.amount > 0

),

bank as (  -- money in, of any account in the data; says_fuel: from an oil company, or says refund

    select
        line.row_id,
        line.posted_on,
        line.amount,
        line.account_name,
        line.account_name_key,
        account_of.party_id,
        line.is_own_account or own.accounts = 0 as is_own_account,
        issued.row_id is not null
        or regexp_matches(
            coalesce(line.party_name, '') || ' ' || coalesce(line.summary, ''), '退款|油卡'
        ) as says_fuel,
        line.party_name,
        line.party_name is null and line.summary is null as is_silent
    from stg_bank_txn as line
    cross join own
    left join issued on line.row_id = issued.row_id
    left join party_of_name as account_of on line.account_name_key = account_of.name_key
    where line.amount > 0

),

grouped as (  -- refunds and lines whose sums agree

    select
        refund_line.line_id as row_id,
        bank_line.line_id as bank_row_id
    from match_line as refund_line
    inner join match_line as bank_line
        on
            refund_line.pairing = bank_line.pairing
            and refund_line.group_id = bank_line.group_id
    where
        refund_line.pairing = 'refund_bank'
        and refund_line.side = 'a'
        and bank_line.side = 'b'
        and refund_line.class = 'matched'
        and bank_line.class = 'matched'
        and refund_line.amount <> bank_line.amount

),

pair as (

    select
        in_run.row_id,
        bank.row_id as bank_row_id,
        false as is_grouped
    from in_run
    inner join bank on in_run.amount = bank.amount
    union all
    select
        row_id,
        bank_row_id,
        true as is_grouped
    from grouped

),

candidate as (  -- right: the owner's own account, by name (words for the account apart)

    select
        in_run.row_id,
        bank.row_id as bank_row_id,
        in_run.owner_key,
        in_run.amount,
        in_run.run_no,
        in_run.txn_on,
        in_run.txn_key,
        bank.posted_on,
        bank.account_name,
        bank.party_name,
        bank.says_fuel,
        bank.is_silent,
        pair.is_grouped,
        case
            when bank.account_name_key is null or in_run.owner_key = '' then bank.is_own_account
            else
                coalesce(bank.party_id = in_run.party_id, false)
                or bank.account_name_key = in_run.owner_key
                or (
                    substr(bank.account_name_key, 1, length(in_run.owner_key))
                    = in_run.owner_key
                    and regexp_matches(
                        substr(bank.account_name_key, length(in_run.owner_key) + 1),
                        '^(工会|经费|集中|收缴|基本|一般|专用|存款|银行)*(账户|专户|户|经费)$'
                    )
                )
        end as is_right
    from pair
    inner join in_run on pair.row_id = in_run.row_id
    inner join bank on pair.bank_row_id = bank.row_id
    where bank.posted_on >= in_run.txn_on and bank.posted_on <= in_run.due_on

),

refund_turn as (

    select
        row_id,
        owner_key,
        amount,
        run_no,
        row_number() over (
            partition by owner_key, amount, run_no order by txn_on asc, card_no asc, txn_key asc
        ) as turn
    from in_run

),

right_line as (

    select distinct
        bank_row_id,
        owner_key,
        amount,
        run_no,
        posted_on
    from candidate
    where is_right and says_fuel and not is_grouped

),

right_turn as (

    select
        right_line.*,
        row_number() over (
            partition by owner_key, amount, run_no order by posted_on asc, bank_row_id asc
        ) as turn
    from right_line

),

booked as (

    select candidate.row_id
    from refund_turn
    inner join right_turn
        on
            refund_turn.owner_key = right_turn.owner_key
            and refund_turn.amount = right_turn.amount
            and refund_turn.run_no = right_turn.run_no
            and refund_turn.turn = right_turn.turn
    inner join candidate
        on
            refund_turn.row_id = candidate.row_id
            and right_turn.bank_row_id = candidate.bank_row_id
    where candidate.is_right and candidate.says_fuel and not candidate.is_grouped
    union
    select row_id
    from candidate
    where is_right and says_fuel and is_grouped

),

perhaps as (  -- an equal amount on an own account of which nothing says that it is the refund

    select
        row_id,
        bank_row_id,
        posted_on,
        party_name
    from candidate
    where is_right and not says_fuel and not is_grouped
    qualify row_number() over (partition by row_id order by posted_on asc, bank_row_id asc) = 1

),

ambiguous as (

    select distinct line_id as row_id
    from match_line
    where pairing = 'refund_bank' and side = 'a' and class = 'ambiguous' and pass_no = 5

),

stray_line as (  -- lines of other units' accounts for refunds that are still open

    select
        candidate.row_id,
        candidate.bank_row_id,
        candidate.account_name,
        candidate.posted_on,
        candidate.says_fuel,
        candidate.is_silent,
        row_number() over (
            partition by candidate.bank_row_id
            order by candidate.txn_on asc, candidate.txn_key asc, candidate.row_id asc
        ) as refund_choice,
        row_number() over (
            partition by candidate.row_id
            order by
                candidate.says_fuel desc, candidate.posted_on asc, candidate.bank_row_id asc
        ) as line_choice
    from candidate
    left join booked on candidate.row_id = booked.row_id
    where
        not candidate.is_right
        and candidate.account_name is not null
        and booked.row_id is null

),

elsewhere as (

    select
        row_id,
        bank_row_id,
        account_name,
        posted_on,
        says_fuel or is_silent as is_refund
    from stray_line
    where refund_choice = line_choice
    qualify row_number() over (partition by row_id order by line_choice asc) = 1

)

select
    in_run.row_id,
    in_run.card_no,
    in_run.txn_key,
    'card_fill|' || in_run.card_no || '|' || in_run.txn_key as money_key,
    in_run.kind,
    in_run.txn_on,
    in_run.amount,
    in_run.due_on,
    in_run.party_id,
    in_run.party_name,
    in_run.card_last4,
    case
        when booked.row_id is not null then 'booked'
        when elsewhere.row_id is not null then 'elsewhere'
        else 'missing'
    end as state,
    elsewhere.bank_row_id,
    elsewhere.account_name,
    elsewhere.posted_on,
    elsewhere.is_refund,
    perhaps.bank_row_id as candidate_row_id,
    perhaps.posted_on as candidate_on,
    perhaps.party_name as candidate_party,
    booked.row_id is null and elsewhere.row_id is null and ambiguous.row_id is not null
        as is_ambiguous
from in_run
left join booked on in_run.row_id = booked.row_id
left join elsewhere on in_run.row_id = elsewhere.row_id
left join perhaps on in_run.row_id = perhaps.row_id
left join ambiguous on in_run.row_id = ambiguous.row_id

-- refunds of cards to the bank (退款 without a product, 圈提), each with the money that arrived:
-- same amount, within fuel.refund_days, first on an account of the card's owner, else elsewhere;
-- from an oil company or saying that it is a refund: another equal amount is a candidate only
-- several refunds in one amount, or one in several: as the matcher (refund_bank) puts them together
-- state: booked, elsewhere (another unit's account), missing; of amounts that repeat each line goes
-- to the oldest refund that still waits on its day
-- carried_*: a top-up of the same amount on the same day of another card of the owner: the card may
-- have been replaced
-- is_unseen: the bank lines have nothing of a year in which the money may have come
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

listed as (  -- the years of which there are bank lines

    select
        cast(date_trunc('year', min(posted_on)) as date) as starts_on,
        add_months(date_trunc('year', max(posted_on)), 12) as ends_on
    from stg_bank_txn

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
        refund.row_id,
        bank.row_id as bank_row_id,
        false as is_grouped
    from refund
    inner join bank on refund.amount = bank.amount
    union all
    select
        row_id,
        bank_row_id,
        true as is_grouped
    from grouped

),

candidate as (  -- right: the owner's own account, by name (words for the account apart)

    select
        refund.row_id,
        bank.row_id as bank_row_id,
        refund.owner_key,
        refund.amount,
        refund.card_no,
        refund.txn_on,
        refund.txn_key,
        bank.posted_on,
        bank.account_name,
        bank.party_name,
        bank.says_fuel,
        bank.is_silent,
        pair.is_grouped,
        case
            when bank.account_name_key is null or refund.owner_key = '' then bank.is_own_account
            else
                coalesce(bank.party_id = refund.party_id, false)
                or bank.account_name_key = refund.owner_key
                or (
                    substr(bank.account_name_key, 1, length(refund.owner_key))
                    = refund.owner_key
                    and regexp_matches(
                        substr(bank.account_name_key, length(refund.owner_key) + 1),
                        '^(工会|经费|集中|收缴|基本|一般|专用|存款|银行)*(账户|专户|户|经费)$'
                    )
                )
        end as is_right
    from pair
    inner join refund on pair.row_id = refund.row_id
    inner join bank on pair.bank_row_id = bank.row_id
    where bank.posted_on >= refund.txn_on and bank.posted_on <= refund.due_on

),

right_pair as (  -- lines that may be a refund, numbered by day

    select
        row_id,
        owner_key,
        amount,
        txn_on,
        card_no,
        txn_key,
        dense_rank() over (
            partition by owner_key, amount order by posted_on asc, bank_row_id asc
        ) as line_no
    from candidate
    where is_right and says_fuel and not is_grouped

),

waiting as (

    select
        row_id,
        owner_key,
        amount,
        min(line_no) as first_line,
        max(line_no) as last_line,
        row_number() over (
            partition by owner_key, amount order by txn_on asc, card_no asc, txn_key asc
        ) as place
    from right_pair
    group by row_id, owner_key, amount, txn_on, card_no, txn_key

),

shifted as (  -- what an earlier refund, and the lines there are since, leave to a later one

    select
        later.row_id,
        later.owner_key,
        later.amount,
        later.place,
        least(
            earlier.first_line - earlier.place,
            min(later.last_line - later.place) over (
                partition by earlier.owner_key, earlier.amount, earlier.place
                order by later.place asc
                rows between unbounded preceding and current row
            )
        ) as ahead
    from waiting as earlier
    inner join waiting as later
        on
            earlier.owner_key = later.owner_key
            and earlier.amount = later.amount
            and earlier.place <= later.place

),

served as (  -- line_no: the last line that is gone when a refund had its turn

    select
        row_id,
        owner_key,
        amount,
        place,
        max(ahead) + place as line_no
    from shifted
    group by row_id, owner_key, amount, place

),

first_served as (

    select row_id
    from served
    qualify row_number() over (partition by owner_key, amount, line_no order by place asc) = 1

),

booked as (

    select row_id
    from first_served
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

carried as (

    select
        refund.row_id,
        gone_to.row_id as carried_row_id,
        card.card_last4 as carried_last4
    from refund
    inner join stg_fuel_txn as gone_to
        on refund.amount = gone_to.size_yuan and refund.txn_on = gone_to.txn_on
    inner join int_card as card on gone_to.card_no = card.card_no
    where
        refund.card_no <> gone_to.card_no
        and refund.owner_key = coalesce(card.owner_key, '')
        and gone_to.kind in ('充值', '分配')
        and gone_to.movement > 0
        and not gone_to.is_repeat
        and not gone_to.is_reversed
    qualify row_number() over (
        partition by refund.row_id order by gone_to.txn_at asc, gone_to.row_id asc
    ) = 1

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
    refund.row_id,
    refund.card_no,
    refund.txn_key,
    'card_fill|' || refund.card_no || '|' || refund.txn_key as money_key,
    refund.kind,
    refund.txn_on,
    refund.amount,
    refund.due_on,
    refund.party_id,
    refund.party_name,
    refund.card_last4,
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
    carried.carried_row_id,
    carried.carried_last4,
    refund.txn_on < listed.starts_on or refund.due_on >= listed.ends_on as is_unseen,
    booked.row_id is null and elsewhere.row_id is null and ambiguous.row_id is not null
        as is_ambiguous
from refund
cross join listed
left join booked on refund.row_id = booked.row_id
left join elsewhere on refund.row_id = elsewhere.row_id
left join perhaps on refund.row_id = perhaps.row_id
left join carried on refund.row_id = carried.row_id
left join ambiguous on refund.row_id = ambiguous.row_id

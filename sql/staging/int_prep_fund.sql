-- one row per party with preparation money: what came in, what was due back, what went back
-- opening: the opening balance and what the bank sent back of returns made before it
-- hundred is 100 % of the money: opening (grossed up where it holds the basic part) plus payments
-- expected is what the founding of the union made due; null without a union at as-of
-- whole_before: what of it small firms paid while all was due back to them; perhaps_before: what
-- parties of unknown size paid in those years
-- returned_after went back for months after founding: REM-04 takes it off what it asks for
-- is_return_unseen: money of before founding may have gone back unseen: in years before the list of
-- transfers begins, or by the day of an opening list that does not name the party
-- is_hundred_known: openings say what the funds held before the collection list begins, and no
-- return of before them was sent back
-- is_stray: the bank sent back a return that no list holds
with

paid as (

    select
        start.party_id,
        start.paid,
        payment.treasury_on,
        start.period_from,
        start.is_uncalled,
        whole.size_then
    from int_prep_start as start
    inner join int_payment as payment on start.row_id = payment.row_id
    left join int_prep_whole as whole on start.row_id = whole.row_id
    left join int_prep_opening as opening on start.party_id = opening.party_id
    where
        payment.treasury_on <= $as_of
        and (opening.opening_on is null or payment.treasury_on > opening.opening_on)
    union all
    select
        party_id,
        paid,
        cast(null as date) as treasury_on,
        cast(null as date) as period_from,
        false as is_uncalled,
        cast(null as varchar) as size_then
    from int_prep_taken_back

),

holder as (

    select party_id from int_prep_opening
    union
    select party_id from paid
    union
    select party_id from int_prep_return

),

organised as (  -- unions in being at as-of

    select
        party_id,
        founded_on,
        has_account and account_opened_on <= $as_of as has_account,
        case
            when account_opened_on <= $as_of then greatest(founded_on, account_opened_on)
            else founded_on
        end as ready_on
    from int_party_union
    where founded_on <= $as_of and (dissolved_on is null or dissolved_on > $as_of)

),

early as (  -- before: money of the periods up to the month of founding

    select
        paid.*,
        case
            when
                paid.is_uncalled
                or paid.period_from >= add_months(date_trunc('month', organised.founded_on), 1)
                then 0
            else paid.paid
        end as before
    from paid
    left join organised on paid.party_id = organised.party_id

),

listed as (  -- books are kept by the year: a list begins with the year of its first row

    select
        (select cast(date_trunc('year', min(paid_on)) as date) from src_fund_transfer)
            as transfers_from,
        (select cast(date_trunc('year', min(treasury_on)) as date) from src_tax_collection)
            as payments_from,
        (select max(opening_on) from int_prep_opening) as opening_on,
        (select min(as_of) from stg_prep_opening) as first_opening_on

),

paid_sum as (

    select
        paid.party_id,
        sum(case when paid.treasury_on < listed.transfers_from then paid.before else 0 end)
            as before_transfers,
        sum(case when paid.treasury_on <= listed.opening_on then paid.before else 0 end)
            as before_opening,
        sum(paid.paid) as paid_all,
        sum(paid.before) as paid_before,
        sum(case when paid.size_then = '小微' then paid.before else 0 end) as whole_before,
        sum(case when paid.size_then = '不明' then paid.before else 0 end) as perhaps_before,
        max(paid.treasury_on) as last_paid_on
    from early as paid
    cross join listed
    group by paid.party_id

),

returned_sum as (

    select
        part.party_id,
        sum(case when part.is_restored then -part.amount else 0 end) as restored,
        sum(case when part.is_restored or part.is_stray then 0 else part.amount end) as returned,
        sum(case when part.is_restored then 0 else part.amount end) as net,
        bool_or(part.is_stray) as is_stray,
        sum(
            case
                when
                    part.counts_on > payer.cancelled_on
                    and not part.is_restored
                    and not part.is_stray
                    then part.amount
                else 0
            end
        ) as returned_late
    from int_prep_return as part
    left join int_payer as payer on part.party_id = payer.party_id
    group by part.party_id

),

after_sum as (

    select
        party_id,
        sum(taken) as taken
    from int_prep_after_founding
    group by party_id

),

gathered as (

    select
        holder.party_id,
        opening.opening_on,
        cast(
            coalesce(opening.opening, 0) + coalesce(returned_sum.restored, 0) as decimal(18, 2)
        ) as opening,
        cast(coalesce(paid_sum.paid_all, 0) as decimal(18, 2)) as paid_all,
        cast(coalesce(paid_sum.paid_before, 0) as decimal(18, 2)) as paid_before,
        cast(coalesce(paid_sum.whole_before, 0) as decimal(18, 2)) as whole_before,
        cast(coalesce(paid_sum.perhaps_before, 0) as decimal(18, 2)) as perhaps_before,
        paid_sum.last_paid_on,
        cast(coalesce(returned_sum.returned, 0) as decimal(18, 2)) as returned,
        cast(
            greatest(
                least(coalesce(returned_sum.returned_late, 0), returned_sum.net), 0
            ) as decimal(18, 2)
        ) as returned_late,
        cast(
            least(coalesce(after_sum.taken, 0), coalesce(returned_sum.returned, 0))
            as decimal(18, 2)
        ) as returned_after,
        organised.founded_on,
        coalesce(organised.has_account, false) as has_account,
        organised.ready_on,
        payer.cancelled_on,
        coalesce(returned_sum.is_stray, false) as is_stray,
        coalesce(
            organised.founded_on < listed.transfers_from
            and (
                opening.opening_on is null
                or add_days(opening.opening_on, 1) < listed.transfers_from
            )
            and coalesce(opening.opening, 0) + coalesce(paid_sum.before_transfers, 0) > 0,
            false
        )
        or coalesce(opening.opening_on is null and paid_sum.before_opening > 0, false)
            as is_return_unseen,
        coalesce(
            listed.first_opening_on <= greatest($period_from, listed.payments_from)
            and not coalesce(
                add_days(coalesce(opening.opening_on, listed.opening_on), 1)
                < listed.payments_from,
                false
            ),
            false
        )
        and not coalesce(returned_sum.is_stray, false) as is_hundred_known
    from holder
    cross join listed
    left join int_prep_opening as opening on holder.party_id = opening.party_id
    left join paid_sum on holder.party_id = paid_sum.party_id
    left join returned_sum on holder.party_id = returned_sum.party_id
    left join after_sum on holder.party_id = after_sum.party_id
    left join organised on holder.party_id = organised.party_id
    left join int_payer as payer on holder.party_id = payer.party_id

)

select
    gathered.party_id,
    gathered.opening_on,
    gathered.opening,
    gathered.paid_all,
    gathered.paid_before,
    gathered.whole_before,
    gathered.perhaps_before,
    gathered.last_paid_on,
    gathered.returned,
    gathered.returned_late,
    gathered.returned_after,
    gathered.founded_on,
    gathered.has_account,
    gathered.ready_on,
    gathered.cancelled_on,
    gathered.is_stray,
    gathered.is_return_unseen,
    gathered.is_hundred_known,
    policy.prep_return_share as return_share,
    policy.prep_opening_basis as opening_basis,
    case policy.prep_opening_basis
        when 'basic_part'
            then div_half_up(gathered.opening, policy.prep_return_share) + gathered.paid_all
        else gathered.opening + gathered.paid_all
    end as hundred,
    case
        when gathered.founded_on is null then null
        when policy.prep_opening_basis = 'basic_part'
            then
                gathered.opening
                + gathered.whole_before
                + cast(
                    round(
                        policy.prep_return_share * (gathered.paid_before - gathered.whole_before),
                        2
                    ) as decimal(18, 2)
                )
        else
            gathered.whole_before
            + cast(
                round(
                    policy.prep_return_share
                    * (gathered.opening + gathered.paid_before - gathered.whole_before), 2
                ) as decimal(18, 2)
            )
    end as expected
from gathered
inner join ref_policy_day as policy
    on coalesce(gathered.founded_on, $as_of) = policy.day

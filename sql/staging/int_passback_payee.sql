-- one row per pass-back or return of a preparation fund that stands: its payee against the unions
-- of the party it is about, else against all unions
-- a name agrees if it is the union's or its account's, with the employer's former name in place of
-- the present one as well, or confirmed by the user
with

transfer as (

    select
        source.row_id,
        source.party_id,
        source.kind,
        coalesce(source.transfer_no, '') as transfer_no,
        source.payee_name,
        coalesce(source.payee_name_key, '') as payee_name_key,
        source.payee_account,
        source.period_from,
        source.period_to,
        source.paid_on,
        source.amount
    from stg_fund_transfer as source
    where
        source.kind in ('基层回拨', '筹备金返还')
        and not source.is_returned
        and source.amount > 0

),

has_union as (

    select distinct party_id
    from stg_union
    where party_id is not null

),

named as (

    select
        transfer.row_id,
        bool_or(
            known_name.account_no is null
            or transfer.payee_account is null
            or known_name.account_no = transfer.payee_account
        ) as is_account_right
    from transfer
    inner join int_payable_name as known_name
        on
            transfer.payee_name_key = known_name.name_key
            and (transfer.party_id = known_name.party_id or transfer.party_id is null)
    group by transfer.row_id

)

select
    transfer.row_id,
    coalesce(transfer.party_id, 'N:' || transfer.payee_name_key) as party_id,
    transfer.party_id is null as is_unknown,
    transfer.transfer_no,
    transfer.kind,
    transfer.payee_name,
    transfer.payee_name_key,
    transfer.payee_account,
    transfer.period_from,
    transfer.period_to,
    transfer.paid_on,
    transfer.amount,
    row_number() over (
        partition by
            transfer.transfer_no, transfer.party_id, transfer.payee_name_key,
            transfer.payee_account, transfer.paid_on, transfer.amount
        order by transfer.row_id asc
    ) as line_no,
    case
        when transfer.party_id is not null and has_union.party_id is null then '名册中没有工会'
        when named.row_id is null then '收款户名不是工会'
        when not named.is_account_right then '收款账号与名册不符'
    end as reason
from transfer
left join has_union on transfer.party_id = has_union.party_id
left join named on transfer.row_id = named.row_id

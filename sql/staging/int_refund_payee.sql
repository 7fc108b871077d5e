-- one row per refund that stands: its payee against the unions of the payer it is about
-- a name agrees if it is the union's or its account's, with the employer's former name in place of
-- the present one as well, or confirmed by the user
with

refund as (

    select
        source.row_id,
        source.party_id is null as is_unknown,
        coalesce(source.party_id, 'N:' || source.payee_name_key) as party_id,
        source.payee_name,
        coalesce(source.payee_name_key, '') as payee_name_key,
        source.payee_account,
        line.transfer_no,
        line.policy,
        line.year,
        line.amount,
        line.paid_on
    from stg_fund_transfer as source
    inner join int_refund_line as line on source.row_id = line.row_id
    where source.amount > 0

),

has_union as (

    select distinct party_id
    from stg_union
    where party_id is not null

),

named as (

    select
        refund.row_id,
        bool_or(
            known_name.account_no is null
            or refund.payee_account is null
            or known_name.account_no = refund.payee_account
        ) as is_account_right
    from refund
    inner join int_payable_name as known_name
        on refund.payee_name_key = known_name.name_key and refund.party_id = known_name.party_id
    group by refund.row_id

)

select
    refund.row_id,
    refund.party_id,
    refund.is_unknown,
    refund.transfer_no,
    refund.policy,
    refund.year,
    refund.amount,
    refund.paid_on,
    refund.payee_name,
    refund.payee_name_key,
    refund.payee_account,
    row_number() over (
        partition by
            refund.transfer_no, refund.party_id, refund.payee_name_key,
            refund.payee_account, refund.paid_on, refund.amount
        order by refund.row_id asc
    ) as line_no,
    case
        when has_union.party_id is null then '名册中没有工会'
        when named.row_id is null then '收款户名不是工会'
        when not named.is_account_right then '收款账号与名册不符'
    end as reason
from refund
left join has_union on refund.party_id = has_union.party_id
left join named on refund.row_id = named.row_id

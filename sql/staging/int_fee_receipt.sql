-- money in on the own accounts from the tax office, the treasury or a payer of the registers, in
-- months that the ledger covers
with

covered as (

    select
        min(cast(date_trunc('month', entry_on) as date)) as first_month,
        max(cast(date_trunc('month', entry_on) as date)) as last_month
    from stg_gl_entry

),

collecting as (

    select distinct receipt.row_id
    from int_own_receipt as receipt
    inner join ref_policy_item as collector
        on
            collector.name = 'bank.collection_parties'
            and receipt.posted_on >= collector.starts_on
            and receipt.posted_on < collector.ends_on
            and contains(receipt.party_name, collector.item_text)

)

select
    receipt.row_id,
    receipt.account_no,
    receipt.posted_on,
    receipt.month,
    receipt.serial_no,
    receipt.amount,
    coalesce(receipt.party_id, 'N:' || receipt.party_name_key) as party_id,
    receipt.party_name,
    receipt.summary,
    receipt.line_no,
    collecting.row_id is not null as is_collector
from int_own_receipt as receipt
inner join covered
    on receipt.month >= covered.first_month and receipt.month <= covered.last_month
left join collecting on receipt.row_id = collecting.row_id
where collecting.row_id is not null or receipt.party_id is not null

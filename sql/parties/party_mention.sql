-- one row per distinct pair of code and name that stands for a payer or employer in any table
-- code_key and name_key are '' where the source gives none
with

mention as (  -- every table that names a payer, as (code, name)

    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_payer
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_payer_year
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_union_org
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_payroll
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_tax_collection
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_settlement
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_fund_transfer
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_refund_application
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_prep_opening
    union all
    select
        payer_uscc as code,
        payer_name as name,
        payer_name_key as name_key
    from src_collective_contract
    union all
    select
        employer_uscc as code,
        employer as name,
        employer_key as name_key
    from src_training_class
    union all
    select
        employer_uscc as code,
        employer as name,
        employer_key as name_key
    from src_trainee

)

select
    coalesce(code, '') as code_key,
    coalesce(name_key, '') as name_key,
    min(name) as name,
    count(*) as mentions
from mention
where code is not null or name_key is not null
group by coalesce(code, ''), coalesce(name_key, '')

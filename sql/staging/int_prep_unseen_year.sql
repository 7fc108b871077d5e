-- years with balances in which no account shows the preparation fund of the chart in force, though
-- parties have such money
with

kept as (

    select count(*) > 0 as is_kept
    from int_prep_held

),

shown as (

    select distinct cast(date_trunc('year', month) as date) as year
    from int_prep_control

),

balance as (

    select distinct cast(date_trunc('year', month) as date) as year
    from src_gl_balance

)

select strftime(balance.year, '%Y') as period
from balance
cross join kept
left join shown on balance.year = shown.year
where kept.is_kept and shown.year is null

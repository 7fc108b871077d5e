-- ORG-05 incomplete-registration
-- grain: one row per union_key
with

column_given as (

    select table_name || '.' || column_name as given
    from ref_given_column

),

asked as (  -- a column that no file has is not empty: nobody asked for it

    select
        count(case when given = 'union_org.chair' then 1 end) > 0 as asks_chair,
        count(case when given = 'union_org.address' then 1 end) > 0 as asks_address,
        count(case when given = 'union_org.phone' then 1 end) > 0 as asks_phone,
        count(case when given = 'union_org.union_uscc' then 1 end) > 0 as asks_code
    from column_given

),

judged as (

    select
        listed.union_key,
        listed.party_id,
        listed.union_name,
        listed.union_uscc,
        case when asked.asks_chair and listed.chair is null then '、工会主席' else '' end
        || case when asked.asks_address and listed.address is null then '、办公地址' else '' end
        || case when asked.asks_phone and listed.phone is null then '、联系电话' else '' end
        || case
            when asked.asks_code and listed.union_uscc is null then '、工会统一社会信用代码'
            else ''
        end as missing,
        not code.is_valid as is_code_wrong
    from int_union as listed
    cross join asked
    left join int_union_code as code on listed.union_uscc = code.code
    where
        not listed.is_covered
        and (listed.founded_on is null or listed.founded_on <= $as_of)
        and (listed.dissolved_on is null or listed.dissolved_on > $as_of)

)

select
    union_key,
    party_id,
    union_name as party_name,
    cast(null as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    case when missing = '' then '' else '缺' || substr(missing, 2) end
    || case when missing <> '' and is_code_wrong then '；' else '' end
    || case when is_code_wrong then '工会统一社会信用代码校验不符' else '' end as faults,
    union_uscc
from judged
where missing <> '' or is_code_wrong
order by union_key

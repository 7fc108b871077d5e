-- one row per payer and year: the figures of the year (those of the yearly table, else of the payer
-- register) and the size class they give by the row of the payer's industry
-- micro where any figure of the row lies below small; large, medium and small need every figure;
-- null where a figure that decides is missing, or the industry has no row
with

asked as (  -- years that some refund policy knows and that have begun

    select distinct year
    from ref_refund_year
    where year_from <= $as_of

),

yearly as (

    select
        party_id,
        year,
        row_id,
        headcount,
        revenue_wan,
        assets_wan,
        vat_small_scale,
        monthly_sales,
        taxable_income,
        size_class
    from stg_payer_year
    qualify row_number() over (partition by party_id, year order by row_id asc) = 1

),

payer_year as (

    select
        payer.party_id,
        asked.year
    from int_payer as payer
    cross join asked
    union
    select
        party_id,
        year
    from yearly

),

known as (

    select
        payer_year.party_id,
        payer_year.year,
        yearly.row_id as year_row_id,
        payer.industry,
        coalesce(yearly.headcount, payer.headcount) as headcount,
        coalesce(yearly.revenue_wan, payer.revenue_wan) as revenue_wan,
        coalesce(yearly.assets_wan, payer.assets_wan) as assets_wan,
        coalesce(yearly.vat_small_scale, payer.vat_small_scale) as vat_small_scale,
        coalesce(yearly.monthly_sales, payer.monthly_sales) as monthly_sales,
        yearly.taxable_income,
        coalesce(yearly.size_class, payer.size_class) as given_class
    from payer_year
    left join yearly
        on payer_year.party_id = yearly.party_id and payer_year.year = yearly.year
    left join int_payer as payer on payer_year.party_id = payer.party_id

),

industry as (

    select distinct
        industry,
        trim(industry) as name,
        case
            when regexp_matches(trim(industry), '^[A-Za-z][0-9]+') then substr(trim(industry), 2, 3)
            when
                regexp_matches(trim(industry), '^[A-Za-z]')
                then upper(substr(trim(industry), 1, 1))
            else substr(trim(industry), 1, 3)
        end as code
    from known
    where industry is not null

),

industry_row as (  -- by name, else by the longest code that begins it

    select
        industry.industry,
        coalesce(by_name.size_row, by_code.size_row) as size_row
    from industry
    left join ref_industry_name as by_name on industry.name = by_name.industry_name
    left join ref_industry as by_code
        on
            industry.code = by_code.code_prefix
            or by_code.code_prefix = substr(industry.code, 1, 2)
    qualify row_number() over (
        partition by industry.industry
        order by length(by_code.code_prefix) desc nulls last
    ) = 1

),

measured as (

    select
        known.party_id,
        known.year,
        size_class.small_from,
        size_class.medium_from,
        size_class.large_from,
        case size_class.metric
            when 'headcount' then known.headcount
            when 'revenue_wan' then known.revenue_wan
            else known.assets_wan
        end as figure
    from known
    inner join industry_row on known.industry = industry_row.industry
    inner join ref_size_class as size_class on industry_row.size_row = size_class.row_no

),

computed as (

    select
        party_id,
        year,
        case
            when bool_or(figure < small_from) then '微型'
            when bool_or(figure is null) then null
            when bool_and(figure >= large_from) then '大型'
            when bool_and(figure >= medium_from) then '中型'
            else '小型'
        end as computed_class
    from measured
    group by party_id, year

)

select
    known.party_id,
    known.year,
    known.year_row_id,
    known.headcount,
    known.assets_wan,
    known.vat_small_scale,
    known.monthly_sales,
    known.taxable_income,
    known.given_class,
    computed.computed_class
from known
left join computed on known.party_id = computed.party_id and known.year = computed.year

-- one row per published rate (the same figure listed twice is one): the day it speaks of, the unit
-- of its last published decimal, the word of its scope ('' = the whole area)
-- a rate without its text is taken to be published to a tenth of a percent at least, a fraction
-- to a whole percent at least
with

as_text as (

    select
        row_id,
        metric,
        scope,
        coalesce(as_of, $as_of) as rate_day,
        numerator,
        denominator,
        value,
        number_text(value) as plain_text,
        translate(value_text, '０１２３４５６７８９．％', '0123456789.%') as given_text
    from src_published_rate

),

as_number as (

    select
        as_text.*,
        regexp_extract(given_text, '[0-9]+([.][0-9]+)?') as number_part,
        try_cast(
            nullif(regexp_extract(given_text, '[0-9]+([.][0-9]+)?'), '') as decimal(24, 8)
        ) as number_given
    from as_text

),

with_places as (  -- more than six decimals are the noise of a spreadsheet

    select
        as_number.*,
        case
            when given_text is null or length(regexp_extract(number_part, '[.](.*)', 1)) > 6
                then greatest(3, length(regexp_extract(plain_text, '[.](.*)', 1)))
            else
                length(regexp_extract(number_part, '[.](.*)', 1))
                + case
                    when strpos(given_text, '%') > 0 then 2
                    when strpos(given_text, '‰') > 0 then 3
                    when number_given = value then 0
                    when number_given = 100 * value then 2
                    when number_given = 1000 * value then 3
                    else 0
                end
        end as places
    from as_number

)

select
    rate.row_id,
    rate.metric,
    rate.scope,
    rate.rate_day,
    rate.numerator,
    rate.denominator,
    rate.value,
    coalesce(rate.given_text, percent_text(rate.value)) as published,
    case
        when
            rate.scope is null
            or rate.scope in (
                '全县', '全市', '全区', '全省', '全州', '全旗', '全域', '全部', '全辖区', '合计', '总计'
            )
            or own.name like rate.scope || '%'
            then ''
        else rate.scope
    end as scope_word,
    rate.scope is not null as is_scope_said,
    cast(
        case
            when rate.places <= 2 then 0.01
            when rate.places = 3 then 0.001
            when rate.places = 4 then 0.0001
            when rate.places = 5 then 0.00001
            else 0.000001
        end as decimal(18, 6)
    ) as unit,
    coalesce(nullif(own.name, ''), rate.scope) as party_name,
    'N:' || own.name_key as party_id
from with_places as rate
cross join ref_self as own
qualify row_number() over (
    partition by rate.metric, rate.scope, rate.rate_day, rate.value
    order by rate.places desc, rate.row_id asc
) = 1

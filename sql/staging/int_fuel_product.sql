-- one row per product text of the card transactions: its kind and, for petrol, its grade
-- kinds: petrol diesel gas electric urea oil wash other; null when the text says nothing
with

worded as (

    select distinct
        product,
        upper(product) as word
    from src_fuel_txn
    where product is not null

)

select
    product,
    case
        when regexp_matches(word, '尿素|ADBLUE') then 'urea'
        when regexp_matches(word, '机油|润滑') then 'oil'
        when regexp_matches(word, '洗车') then 'wash'
        when regexp_matches(word, '添加剂|燃油宝|清洁剂|清净剂|清洗|玻璃水|防冻') then 'other'
        when regexp_matches(word, '充电|电费|电量|千瓦时|KWH|^电') then 'electric'
        when regexp_matches(word, '柴|(^|[^0-9])(0|5|10|20|35|50)[#＃号]') then 'diesel'
        when regexp_matches(word, '汽油|(^|[^0-9])(89|90|92|93|95|97|98)([^0-9]|$)') then 'petrol'
        when regexp_matches(word, '天然气|液化气|石油气|燃气|CNG|LNG|LPG') then 'gas'
    end as product_kind,
    case
        when regexp_matches(word, '(^|[^0-9])98([^0-9]|$)') then 4
        when regexp_matches(word, '(^|[^0-9])(95|97)([^0-9]|$)') then 3
        when regexp_matches(word, '(^|[^0-9])(92|93)([^0-9]|$)') then 2
        when regexp_matches(word, '(^|[^0-9])(89|90)([^0-9]|$)') then 1
    end as grade
from worded

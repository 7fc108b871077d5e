-- view: unions under the name of their table, see stg_union
select stg_union.* from stg_union  -- noqa: AM04

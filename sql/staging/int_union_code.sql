-- one row per code of a union: does it hold together (GB 32100-2015; 9 characters: GB 11714)
-- codes of other lengths carry no check digit and pass
with

letters as (

    select distinct
        union_uscc as code,
        length(union_uscc) as size,
        '0123456789ABCDEFGHJKLMNPQRTUWXY' as alphabet,
        '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ' as org_alphabet
    from int_union_row
    where union_uscc is not null

),

summed as (

    select
        code,
        size,
        alphabet,
        (
            1 * (strpos(alphabet, substr(code, 1, 1)) - 1)
            + 3 * (strpos(alphabet, substr(code, 2, 1)) - 1)
            + 9 * (strpos(alphabet, substr(code, 3, 1)) - 1)
            + 27 * (strpos(alphabet, substr(code, 4, 1)) - 1)
            + 19 * (strpos(alphabet, substr(code, 5, 1)) - 1)
            + 26 * (strpos(alphabet, substr(code, 6, 1)) - 1)
            + 16 * (strpos(alphabet, substr(code, 7, 1)) - 1)
            + 17 * (strpos(alphabet, substr(code, 8, 1)) - 1)
            + 20 * (strpos(alphabet, substr(code, 9, 1)) - 1)
            + 29 * (strpos(alphabet, substr(code, 10, 1)) - 1)
            + 25 * (strpos(alphabet, substr(code, 11, 1)) - 1)
            + 13 * (strpos(alphabet, substr(code, 12, 1)) - 1)
            + 8 * (strpos(alphabet, substr(code, 13, 1)) - 1)
            + 24 * (strpos(alphabet, substr(code, 14, 1)) - 1)
            + 10 * (strpos(alphabet, substr(code, 15, 1)) - 1)
            + 30 * (strpos(alphabet, substr(code, 16, 1)) - 1)
            + 28 * (strpos(alphabet, substr(code, 17, 1)) - 1)
        ) as total,
        (
            3 * (strpos(org_alphabet, substr(code, 1, 1)) - 1)
            + 7 * (strpos(org_alphabet, substr(code, 2, 1)) - 1)
            + 9 * (strpos(org_alphabet, substr(code, 3, 1)) - 1)
            + 10 * (strpos(org_alphabet, substr(code, 4, 1)) - 1)
            + 5 * (strpos(org_alphabet, substr(code, 5, 1)) - 1)
            + 8 * (strpos(org_alphabet, substr(code, 6, 1)) - 1)
            + 4 * (strpos(org_alphabet, substr(code, 7, 1)) - 1)
            + 2 * (strpos(org_alphabet, substr(code, 8, 1)) - 1)
        ) as org_total
    from letters

)

select
    code,
    case
        when size = 18
            then
                regexp_matches(code, '^[0-9A-HJ-NPQRTUWXY]{18}$')
                and substr(code, 18, 1) = substr(alphabet, (31 - total % 31) % 31 + 1, 1)
        when size = 9
            then
                regexp_matches(code, '^[0-9A-Z]{9}$')
                and substr(code, 9, 1) = substr('0X987654321', org_total % 11 + 1, 1)
        else size in (15, 17, 20)
    end as is_valid
from summed

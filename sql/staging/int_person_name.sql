-- one row per normalised name on the bank's or the ledger's lines that reads like a person's:
-- two to four Chinese characters without a word of a unit, and no register knows it
with

named as (

    select party_name_key as name_key
    from stg_bank_txn
    union
    select aux_party_key as name_key
    from stg_gl_entry
    union
    select aux_party_key as name_key
    from src_gl_balance

)

select named.name_key
from named
left join party_of_name as known on named.name_key = known.name_key
where
    known.name_key is null
    and regexp_matches(named.name_key, '^[\x{4e00}-\x{9fff}]{2,4}$')
    and not regexp_matches(
        named.name_key, '[会局院校司厂店社部所行站队室馆宫库处厅团办县市区镇街户款费]$'
    )
    and not regexp_matches(
        named.name_key,
        '公司|集团|中心|政府|财政|税务|国库|金库|国家|中国|银行|邮政|电网|电信|移动|联通|铁塔|石油|石化'
        || '|超市|商行|药房|诊所|公园|酒楼|餐厅|餐馆|幼儿园|党委|团委|妇联'
        || '|工资|保险|社保|医保|养老|公积金|预算|清算|利息|现金|本部'
    )

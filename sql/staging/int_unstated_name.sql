-- names on bank lines and in the ledger that state no party: one row per source and name
-- collecting offices, agent banks, clearing accounts, the own unit, words that stand for nobody; in
-- the ledger also departments and persons of the own unit: such names that no register knows and
-- that no bank line has
with

named as (

    select distinct
        'bank' as source,
        party_name_key as name_key,
        party_id
    from stg_bank_txn
    where party_name_key is not null
    union
    select distinct
        'ledger' as source,
        aux_party_key as name_key,
        party_id
    from stg_gl_entry
    where aux_party_key is not null

),

collector as (

    select distinct item_text
    from ref_policy_item
    where name = 'bank.collection_parties'

),

on_bank_line as (

    select distinct name_key
    from named
    where source = 'bank'

)

select
    named.source,
    named.name_key
from named
left join on_bank_line on named.name_key = on_bank_line.name_key
left join ref_self as self
    on substr(named.name_key, 1, length(self.name_key)) = self.name_key
where
    exists (select 1 from collector where contains(named.name_key, collector.item_text))
    or regexp_matches(
        named.name_key,
        '^(无|空|不详|未知|其他|其它|多人|多户|若干|等|暂无|现金|本单位|本级|本部|.*(附件|清单|明细|名单))$'
    )
    or regexp_matches(named.name_key, '^[-—_/0-9*#]*$')
    or regexp_matches(
        named.name_key,
        '清算|结算中心|集中支付|支付中心|代发|代付|过渡|内部户|待报解|待划|暂收|暂付|备付金|零余额账户|银联|网联|财付通|支付宝'
    )
    or (
        named.party_id is null
        and regexp_matches(named.name_key, '银行|信用社|信用合作联社|信用联社')
    )
    or (
        self.name_key is not null
        and regexp_matches(
            substr(named.name_key, length(self.name_key) + 1),
            '^(本级|机关|基本户|专户|经费户|账户|户|[0-9]+|.{0,6}(部|科|室|股|组))?$'
        )
    )
    or (
        named.source = 'ledger'
        and named.party_id is null
        and on_bank_line.name_key is null
        and (
            regexp_matches(named.name_key, '^.{1,5}(部|科|室|股|组|处|办)$')
            or reads_like_person(named.name_key)
        )
    )

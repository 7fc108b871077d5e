-- payers of the register that belong to a system union or state an affiliation
-- is_elsewhere: the affiliation is neither this federation nor one below it (its name does not
-- begin with this federation's place, and names no town, street, park or village)
select
    payer.party_id,
    payer.row_id,
    payer.system_class,
    payer.affiliation,
    coalesce(
        not starts_with(
            replace(payer.affiliation, ' ', ''),
            replace(replace(self.name, ' ', ''), '总工会', '')
        )
        and not regexp_matches(payer.affiliation, '镇|乡|街道|园区|开发区|社区|村|联合工会')
        and self.name <> '',
        false
    ) as is_elsewhere
from int_payer as payer
cross join ref_self as self
where payer.system_class is not null or payer.affiliation is not null

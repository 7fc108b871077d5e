-- the upper levels' shares that arrive on the own account (receives of recon.toml), with the header
-- of their column in the settlement; is_given: some file has that column
select
    receives.share,
    case receives.share
        when 'acftu' then '全总'
        when 'province' then '省总'
        when 'city' then '市总'
        when 'county' then '县总'
    end as header,
    given_column.column_name is not null as is_given
from ref_self_receives as receives
cross join ref_self as self
left join ref_given_column as given_column
    on
        given_column.table_name = 'settlement'
        and 'to_' || receives.share = given_column.column_name
where
    (receives.share = 'acftu' and self.level <> 'acftu')
    or (receives.share = 'province' and self.level in ('city', 'county', 'town'))
    or (receives.share = 'city' and self.level in ('county', 'town'))
    or (receives.share = 'county' and self.level = 'town')

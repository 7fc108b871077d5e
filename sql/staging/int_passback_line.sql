-- one row per pass-back of the basic share, and per return of preparation money that names a
-- period: the days it speaks for; a pass-back without a period speaks for all days
select
    row_id,
    party_id,
    kind,
    coalesce(period_from, date '1900-01-01') as from_on,
    coalesce(period_to, period_from, date '9999-12-31') as to_on
from stg_fund_transfer
where
    not is_returned
    and (kind = '基层回拨' or (kind = '筹备金返还' and period_from is not null))

-- wages per party, month and kind of evidence; a row listed twice counts once
-- is_split: several different amounts stand for one month, so their sum is not certain
select
    party_id,
    month,
    evidence,
    cast(sum(distinct wages) as decimal(18, 2)) as wages,
    max(headcount) as headcount,
    count(distinct wages) > 1 as is_split
from stg_payroll
group by party_id, month, evidence

-- bank money out (as positive) for fuel: its party or wording says so
select
    row_id as line_id,
    posted_on as day,
    cast(-amount as decimal(18, 2)) as amount,
    party_id,
    stated_id,
    cast(null as varchar) as reference,
    said as text_,
    cast(null as varchar) as shared_key,
    account,
    is_internal
from int_bank_line
where amount < 0 and regexp_matches(said, '石油|石化|中油|油卡|加油|燃油|油费')

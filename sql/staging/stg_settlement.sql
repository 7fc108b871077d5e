-- settlement lines: one row per source row, with its party
select
    source.row_id,
    mention.party_id,
    source.payer_uscc,
    source.batch_no,
    source.settled_on,
    source.voucher_no,
    source.payer_name,
    source.gross,
    source.fee,
    source.to_acftu,
    source.to_province,
    source.to_city,
    source.to_county,
    source.to_town,
    source.to_basic,
    source.to_prep
from src_settlement as source
inner join party_of_mention as mention
    on
        coalesce(source.payer_uscc, '') = mention.code_key
        and coalesce(source.payer_name_key, '') = mention.name_key

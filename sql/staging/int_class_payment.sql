-- one row per payment for a class that counts: neither listed again nor taken back
select
    row_id,
    class_no,
    payee,
    payee_key,
    payee_party_id,
    payee_account,
    heads,
    standard,
    amount,
    paid_on,
    voucher_no
from stg_training_payment
where not is_repeat and not is_reversed

-- one row per class of the class list: who received the money, else who was to receive it
select
    class.class_no,
    coalesce(
        money.party_id, by_name.party_id, 'N:' || class.provider_key, class.employer_party_id
    ) as party_id,
    coalesce(money.party_name, class.provider, class.employer) as party_name
from stg_training_class as class
left join int_class_money as money on class.class_no = money.class_no
left join party_of_name as by_name on class.provider_key = by_name.name_key

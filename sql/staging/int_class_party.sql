-- one row per class of the class list: its days, and who received the money, else was to receive it
-- full_heads: persons from which full attendance is a sign
select
    class.class_no,
    class.starts_on,
    class.ends_on,
    coalesce(
        money.party_id, by_name.party_id, 'N:' || class.provider_key, class.employer_party_id
    ) as party_id,
    coalesce(money.party_name, class.provider, class.employer) as party_name,
    policy.training_full_attendance_heads as full_heads
from stg_training_class as class
left join int_class_money as money on class.class_no = money.class_no
left join party_of_name as by_name on class.provider_key = by_name.name_key
left join ref_policy_day as policy on class.starts_on = policy.day

-- sign-in rows: one row per source row, with class hours where the row or its times give them
-- is_repeat: the same person and session signed twice
select
    source.row_id,
    source.class_no,
    source.id_no,
    source.id_no_token as id_token,
    source.name,
    source.session_on,
    source.session,
    source.signed_in_at,
    source.signed_out_at,
    coalesce(
        source.hours,
        ratio_half_up(
            date_diff('second', source.signed_in_at, source.signed_out_at),
            policy.training_class_hour_minutes * 60
        )
    ) as hours,
    row_number() over (
        partition by
            source.class_no, source.id_no_token, source.session_on,
            coalesce(
                source.session,
                cast(source.signed_in_at as varchar),
                cast(source.row_id as varchar)
            )
        order by source.hours desc nulls last, source.row_id asc
    ) > 1 as is_repeat
from src_attendance as source
left join ref_policy_day as policy on source.session_on = policy.day

-- sign-in rows: one row per source row, with class hours where the row or its times give them:
-- hours below zero, or signed out before signed in, tell nothing
-- is_repeat: the same person and session signed twice, the longest stays; is_copy: with the same
-- hours and times too
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
        case when source.hours >= 0 then source.hours end,
        case
            when source.signed_in_at <= source.signed_out_at
                then
                    ratio_half_up(
                        date_diff('second', source.signed_in_at, source.signed_out_at),
                        policy.training_class_hour_minutes * 60
                    )
        end
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
    ) > 1 as is_repeat,
    row_number() over (
        partition by
            source.class_no, source.id_no_token, source.session_on, source.session,
            source.hours, source.signed_in_at, source.signed_out_at,
            case
                when coalesce(source.session, cast(source.signed_in_at as varchar)) is null
                    then source.row_id
            end
        order by source.row_id asc
    ) > 1 as is_copy
from src_attendance as source
left join ref_policy_day as policy on source.session_on = policy.day

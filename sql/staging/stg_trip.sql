-- trips: one row per source row with the moments that it covers
-- without a return it covers its day; a return given as a date covers that day
select
    source.row_id,
    source.plate,
    source.out_at,
    source.back_at,
    source.driver,
    source.destination,
    source.reason,
    source.odo_out,
    source.odo_back,
    case
        when source.back_at >= source.out_at then source.out_at
        else date_trunc('day', source.out_at)
    end as covers_from,
    case
        when source.back_at >= source.out_at and source.back_at > date_trunc('day', source.back_at)
            then source.back_at
        when source.back_at >= source.out_at
            then date_trunc('day', source.back_at) + interval '1' day - interval '1' second
        else date_trunc('day', source.out_at) + interval '1' day - interval '1' second
    end as covers_to
from src_trip as source

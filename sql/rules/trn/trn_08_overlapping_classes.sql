-- TRN-08 overlapping-classes
-- grain: one row per class_no and id_token
with

seat as (  -- classes of a person in the order in which they stay: not paid first, then by end

    select
        class_no,
        id_token,
        starts_on,
        ends_on,
        is_paid,
        row_number() over (
            partition by id_token order by is_paid asc, ends_on asc, class_no asc
        ) as place
    from int_trainee

),

pair as (

    select
        later.class_no,
        later.id_token,
        earlier.class_no as other_class_no,
        earlier.place
    from seat as later
    inner join seat as earlier
        on
            later.id_token = earlier.id_token
            and later.place > earlier.place
            and later.starts_on <= earlier.ends_on
            and later.ends_on >= earlier.starts_on
    where later.is_paid

),

signed as (

    select distinct
        class_no,
        id_token
    from stg_attendance

),

clash as (  -- sign-in rows of one person in two classes for the same session or hours

    select distinct
        sheet.id_token,
        sheet.class_no,
        other.class_no as other_class_no
    from stg_attendance as sheet
    inner join stg_attendance as other
        on
            sheet.id_token = other.id_token
            and sheet.session_on = other.session_on
            and coalesce(
                sheet.signed_in_at < other.signed_out_at
                and sheet.signed_out_at > other.signed_in_at,
                sheet.session = other.session,
                true
            )

),

overlap as (  -- where both classes have the person's sign-in rows, those decide

    select
        pair.class_no,
        pair.id_token,
        pair.other_class_no
    from pair
    left join signed as signed_here
        on pair.class_no = signed_here.class_no and pair.id_token = signed_here.id_token
    left join signed as signed_there
        on
            pair.other_class_no = signed_there.class_no
            and pair.id_token = signed_there.id_token
    left join clash
        on
            pair.id_token = clash.id_token
            and pair.class_no = clash.class_no
            and pair.other_class_no = clash.other_class_no
    where
        signed_here.class_no is null
        or signed_there.class_no is null
        or clash.class_no is not null
    qualify row_number() over (
        partition by pair.id_token, pair.class_no order by pair.place asc
    ) = 1

)

select
    trainee.class_no,
    trainee.id_token,
    trainee.party_id,
    trainee.party_name,
    trainee.period,
    'verify' as direction,
    trainee.subsidy as amount,
    cast(null as decimal(18, 2)) as expected,
    trainee.subsidy as actual,
    trainee.formula,
    trainee.money_key,
    trainee.report_on as report_from,
    trainee.report_on as report_to,
    trainee.name,
    trainee.id_no,
    overlap.other_class_no
from int_trainee as trainee
inner join overlap
    on trainee.class_no = overlap.class_no and trainee.id_token = overlap.id_token
order by trainee.class_no, trainee.id_token

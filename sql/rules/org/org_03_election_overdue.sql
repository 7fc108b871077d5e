-- ORG-03 election-overdue
-- grain: one row per union_key
with

first_day as (  -- policy values are known from this day on

    select min(day) as day
    from ref_policy_day

),

in_being as (

    select
        listed.*,
        case when listed.term_years > 0 then listed.term_years end as own_term,
        greatest(listed.elected_on, first_day.day) as policy_on
    from int_union as listed
    cross join first_day
    where listed.dissolved_on is null or listed.dissolved_on > $as_of

),

due as (

    select
        in_being.*,
        coalesce(in_being.own_term, policy.org_term_years) as years,
        add_months(
            in_being.elected_on, 12 * coalesce(in_being.own_term, policy.org_term_years)
        ) as term_ends_on
    from in_being
    inner join ref_policy_day as policy on in_being.policy_on = policy.day

),

extended as (

    select
        due.*,
        greatest(term_ends_on, extended_to) as due_on
    from due

)

select
    union_key,
    party_id,
    union_name as party_name,
    cast(null as varchar) as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    case when own_term is null then policy_on end as term_from,
    elected_on,
    years,
    term_ends_on,
    extended_to,
    due_on,
    date_diff('day', due_on, $as_of) as days_overdue
from extended
where due_on < $as_of
order by union_key

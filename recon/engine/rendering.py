"""SQL text around a rule: the numbered result, and messages, details and masks from its YAML.

Templates and column names come from the catalog; every name is checked against the result's
columns and every literal is quoted, so nothing of a user's file reaches the statement.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recon.base.errors import EngineError
from recon.tables.masking import FORMS, INVISIBLE, kind_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recon.rules.catalog import Rule

#: Kinds that a detail holds as they are, not as text.
_PLAIN = ("BIGINT", "INTEGER", "BOOLEAN")
_FIELD = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
#: What rules found, by direction; the row without one is of the whole rule.
FOUND = """
with
proven as (
    select rule, count(distinct exception_id) as ids
    from exception_evidence
    where list_contains($codes, rule)
    group by rule
)
select
    item.rule, item.direction, grouping(item.direction) = 0 as is_part, count(*) as exceptions,
    count(distinct item.exception_id) as ids, any_value(proven.ids) as proven,
    count(*) filter (where item.amount < 0) as negative, sum(item.amount) as amount
from exception_item as item
left join proven on item.rule = proven.rule
where list_contains($codes, item.rule)
group by grouping sets ((item.rule), (item.rule, item.direction))
order by item.rule, item.direction
"""
#: Columns that every rule's select has.
_REQUIRED = (
    *("party_id", "period", "direction", "amount", "expected", "actual", "formula"),
    *("money_key", "report_from", "report_to"),
)
#: How many amounts of a result cannot be, and whether it names a party that no register knows.
CENSUS = """
select count(*) filter (where amount < 0), count(*) filter (where party_id like 'N:%') > 0
from found_all
"""
#: No register knows the party and its name reads like a person's.
_NAMED_PERSON = "found_all.party_id like 'N:%' and reads_like_person(substr(found_all.party_id, 3))"


def quote(text: str) -> str:
    """Return an SQL string literal.

    Example:
        >>> quote("it's")
        "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _shown(expression: str, kind: str) -> str:
    if kind == "VARCHAR":
        return expression
    if kind.startswith("DECIMAL") and not kind.endswith(",2)"):
        return f"number_text({expression})"
    return f"cast({expression} as varchar)"


def message_sql(
    template: str, columns: Mapping[str, str], shown: Mapping[str, str], place: object
) -> str:
    """Return the expression that fills a template from the columns of `found`.

    Args:
        template: Text with `{column}` fields.
        columns: Column name to DuckDB type.
        shown: Column name to the expression shown (masked where personal).
        place: Named when a field is unknown.

    Returns:
        An SQL expression of type varchar; an empty cell reads as “—”.

    Raises:
        EngineError: A field names no column.
    """
    parts: list[str] = []
    end = 0
    for field in _FIELD.finditer(template):
        name = field.group(1)
        if name not in columns:
            raise EngineError(place, f"the message names an unknown column '{name}'")
        parts.append(quote(template[end : field.start()]))
        parts.append(f"coalesce({_shown(shown[name], columns[name])}, '—')")
        end = field.end()
    parts.append(quote(template[end:]))
    return f"concat({', '.join(parts)})"


def detail_sql(names: Iterable[str], columns: Mapping[str, str], shown: Mapping[str, str]) -> str:
    """Return the expression of the rule's own columns as one JSON object in text."""
    fields = ", ".join(
        f"{quote(name)}: "
        + (shown[name] if columns[name] in _PLAIN else _shown(shown[name], columns[name]))
        for name in names
    )
    return f"cast(to_json({{{fields}}}) as varchar)" if fields else "'{}'"


def days_sql(params: Mapping[str, tuple[str, ...]]) -> str:
    """Return the expression of the days whose policy values an exception rests on.

    Args:
        params: Parameter to the columns of its days, or `as_of`.

    Returns:
        An SQL expression of type varchar: name@day, joined by commas; empty days are left out.
    """
    words = [
        f"'{name}@' || cast({'$as_of' if day == 'as_of' else f'found.{day}'} as date)"
        for name, days in params.items()
        for day in days
    ]
    return f"concat_ws(',', {', '.join(words)})" if words else "''"


def bare_sql(names: Iterable[str]) -> str:
    """Return the columns that `mask_sql` reads beside those of `found`: texts without blanks.

    Args:
        names: Columns to be masked, and `party_name`.
    """
    return ", ".join(
        f"regexp_replace(cast(found.{name} as varchar), '{INVISIBLE}', '', 'g') as bare_{name}"
        for name in names
    )


def mask_sql(name: str, kind: str, party: str = "person") -> str:
    """Return the expression that masks a column of `found`, which has those of `bare_sql` too.

    Args:
        name: Column name.
        kind: A key of `FORMS` (id_no, person, phone, account, card), payee (a person where the
            row's `is_person` says so, else shown), party (a person where no register knows the
            party and its name reads like one, else shown), or words (a text in which the name of
            the row's party may stand), or unit (a person where the name reads like one).
        party: The kind of `party_name`, which says when that is a person's name (words only).

    Returns:
        An SQL expression of type varchar.
    """
    column = f"cast(found.{name} as varchar)"
    if kind == "unit":
        person = _formed(name, "person")
        return f"case when reads_like_person({column}) then {person} else {column} end"
    if kind in ("payee", "party"):
        return f"case when {_is_person(kind)} then {_formed(name, 'person')} else {column} end"
    if kind == "words":
        shown = _formed("party_name", "person")
        return (
            f"case when {_is_person(party)} and found.party_name <> '' "
            f"then replace({column}, found.party_name, {shown}) else {column} end"
        )
    return _formed(name, kind)


def _formed(name: str, kind: str) -> str:
    """Return the expression that leaves of a column's text what `FORMS` leaves of it."""
    bare = f"found.bare_{name}"
    size = f"length({bare})"
    parts = []
    for least, head, tail, stars in FORMS[kind]:
        hidden = f"repeat('*', {size} - {head + tail})" if stars is None else f"'{'*' * stars}'"
        shown = [f"substr({bare}, 1, {head})"] * bool(head) + [hidden]
        shown += [f"substr({bare}, {size} - {tail - 1})"] * bool(tail)
        parts.append(f"when {size} >= {least} then {' || '.join(shown)}")
    return f"case {' '.join(parts)} when {size} is not null then '***' end"


def _is_person(kind: str) -> str:
    """Return the condition under which a name of that kind of masking is a person's."""
    match kind:
        case "payee":
            return "found.is_person"
        case "party":
            return "found.is_named_person"
        case _:
            return "true"


def party_sql(masked: Mapping[str, str]) -> str:
    """Return the expression of the party's id: a keyed token where its name is masked.

    Args:
        masked: Masked columns of the rule with their kinds.
    """
    if "party_name" not in masked:
        return "found.party_id"
    return (
        f"case when {_is_person(masked['party_name'])} and found.party_id like 'N:%' "
        "then 'P:' || substr(sha256($name_salt || found.party_id), 1, 16) "
        "else found.party_id end"
    )


def demand_columns(rule: Rule, columns: Mapping[str, str]) -> None:
    """Refuse a result without the columns that every rule gives, or that its YAML names.

    Args:
        rule: The rule.
        columns: Column name to DuckDB type of `found_all`, the rule's own result.

    Raises:
        EngineError: Some are missing; its place is the file that asks for them.
    """
    about = rule.about
    days = [day for value in about.params.values() for day in value if day != "as_of"]
    asked = (*about.grain, *about.detail, *days, *(set(about.masked) - {"party_name"}))
    for path, needed in ((rule.sql_path, _REQUIRED), (rule.path, asked)):
        missing = [name for name in dict.fromkeys(needed) if name not in columns]
        if missing:
            raise EngineError(path, f"the select lacks the columns {', '.join(missing)}")


def found_sql(rule: Rule, columns: Mapping[str, str], *, named: bool = True) -> str:
    """Return the statement that makes `found`: the rule's rows of the period, numbered, with ids.

    Args:
        rule: The rule.
        columns: Column name to DuckDB type of `found_all`, the rule's own result.
        named: Whether it names a party that no register knows.
    """
    grain = [f"coalesce(cast(found_all.{name} as varchar), '')" for name in rule.about.grain]
    grain_text = " || chr(31) || ".join(grain)
    direction = (
        "case when found_all.is_uncertain then 'verify' else found_all.direction end"
        if "is_uncertain" in columns
        else "found_all.direction"
    )
    skipped = {"direction", "amount", "expected", "actual", "party_name"}
    kept = "".join(f"found_all.{name}, " for name in columns if name not in skipped)
    party_name = (
        "coalesce(found_all.party_name, party.party_name)"
        if "party_name" in columns
        else "party.party_name"
    )
    return f"""
        create or replace temp table found as
        select
            row_number() over () as exception_no,
            substr(sha256('{rule.code}' || chr(31) || {grain_text}), 1, 16) as exception_id,
            {grain_text} as grain_text,
            {kept}
            {direction} as direction,
            cast(found_all.amount as decimal(18, 2)) as amount,
            cast(found_all.expected as decimal(18, 2)) as expected,
            cast(found_all.actual as decimal(18, 2)) as actual,
            {party_name} as party_name,
            {_NAMED_PERSON if named else "false"} as is_named_person
        from found_all
        left join party on found_all.party_id = party.party_id
        where (found_all.report_from is null or found_all.report_from <= $period_to)
            and (found_all.report_to is null or found_all.report_to >= $period_from)
    """


def _masks(
    rule: Rule, columns: Mapping[str, str], used: Iterable[str], *, named: bool
) -> dict[str, str]:
    """Return how columns are masked: as the rule says, else as the input tables say of the name."""
    known = {name: kind_by_name(name) for name in columns if not name.endswith("party_id")}
    forms = {**dict(zip(FORMS, FORMS, strict=True)), "party": "unit"}
    said = {name: forms[kind] for name, kind in known.items() if kind in forms}
    every = {**said, "party_name": "party", **rule.about.masked}
    party, idle = every["party_name"], set[str]()
    if not named:  # then `party` masks nothing, nor do `words` around it
        idle = {"party", "words"} if party == "party" else {"party"}
    return {name: every[name] for name in used if name in every and every[name] not in idle}


def _texts_of(used: Iterable[str], kinds: Mapping[str, str], masked: Mapping[str, str]) -> str:
    """Return `found` with a column `text_<name>` for each name used: what is shown of it."""
    party = masked.get("party_name", "party")
    texts = (
        mask_sql(name, masked[name], party)
        if name in masked
        else _shown(f"found.{name}", kinds[name])
        for name in used
    )
    named = ", ".join(f"{text} as text_{name}" for text, name in zip(texts, used, strict=True))
    bare = bare_sql(sorted({*masked, "party_name"}))
    source = f"(select *, {bare} from found)" if masked else "found"
    return f"(select *, {named} from {source} as found)"


def items_sql(rule: Rule, columns: Mapping[str, str], *, mask: bool, named: bool = True) -> str:
    """Return the statement that adds the exceptions of `found` to `exception_item`.

    Args:
        rule: The rule.
        columns: Column name to DuckDB type of `found_all`, the rule's own result.
        mask: Whether personal data in texts and details is masked.
        named: Whether it names a party that no register knows.

    Raises:
        EngineError: A text of the rule names no column.
    """
    about, kinds = rule.about, {**columns, "party_name": "VARCHAR"}
    templates = about.message.zh, about.message.en
    fields = {name for text in templates for name in _FIELD.findall(text)}
    used = [name for name in kinds if name in {*fields, *about.detail, "party_name"}]
    masked = _masks(rule, columns, used, named=named) if mask else {}
    texts = dict.fromkeys(used, "VARCHAR")
    shown = {name: f"found.text_{name}" for name in used}
    message, message_en = (message_sql(text, texts, shown, rule.path) for text in templates)
    plain = [name for name in about.detail if kinds[name] in _PLAIN and name not in masked]
    detail = detail_sql(
        about.detail,
        texts | {name: kinds[name] for name in plain},
        shown | {name: f"found.{name}" for name in plain},
    )
    severity = (
        "found.severity"
        if "severity" in columns
        else f"case when found.direction = 'verify' then '{rule.severity_of(verify=True)}' "
        f"else '{rule.severity_of(verify=False)}' end"
    )
    return (
        f"insert into exception_item select '{rule.code}', {rule.precedence}, "
        f"found.exception_id, {severity}, found.direction, found.amount, {party_sql(masked)}, "
        f"found.text_party_name, nullif(found.period, ''), found.expected, found.actual, "
        f"found.expected - found.actual, {message}, {message_en}, found.formula, "
        f"found.money_key, {detail}, found.grain_text, {days_sql(about.params)} "
        f"from {_texts_of(used, kinds, masked)} as found"
    )

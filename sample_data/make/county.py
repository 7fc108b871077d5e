"""The county while it is being made: its tables, its books, and the list of what was planted.

Not here: any single table's rows (family modules) and how they are written (see `files`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Literal

from recon.tables.registry import specs
from sample_data.make.books import Books
from sample_data.make.names import NameSource

if TYPE_CHECKING:
    from datetime import date

    from sample_data.make.parties import Payer, Union

SEED = 20240101
SELF_NAME = "示例县总工会"
Row = dict[str, Any]
Kind = Literal["defect", "look_alike", "consequence"]


def yuan(value: Decimal | str | int) -> Decimal:
    """Round to the fen, half up."""
    return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Planted:
    """One thing put into the county on purpose, with the exception that it should (not) cause.

    A look-alike carries the values under which a careless rule would report it.
    """

    rule: str
    kind: Kind
    party_name: str
    party_uscc: str | None
    period: str
    direction: str
    amount: Decimal | None
    why: str


@dataclass
class County:
    """Everything that ends up in `sample_data/county`; `broken_codes` are wrong on purpose."""

    names: NameSource = field(default_factory=lambda: NameSource(SEED))
    books: Books = field(default_factory=Books)
    payers: dict[str, Payer] = field(default_factory=dict)
    unions: dict[str, Union] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    planted: list[Planted] = field(default_factory=list)
    broken_codes: set[str] = field(default_factory=set)

    def add(self, table: str, **values: object) -> Row:
        """Append a row; an unknown table or column is an error at once.

        Args:
            table: A name of the input contract.
            **values: Column name to value; what is not given stays empty.

        Returns:
            The row, which the caller may still change.
        """
        unknown = set(values) - set(specs()[table].schema)
        if unknown:
            raise KeyError(table, sorted(unknown))
        row: Row = dict(values)
        self.tables[table].append(row)
        return row

    def plant(  # noqa: PLR0913 - the facets of an exception; all but three are keywords
        self,
        rule: str,
        kind: Kind,
        party: Payer | str,
        *,
        why: str,
        period: str = "",
        direction: str = "",
        amount: Decimal | str | None = None,
    ) -> None:
        """Note what was planted.

        Args:
            rule: The code of the rule that should report it (or should not).
            kind: defect, look_alike, or consequence of another defect.
            party: The payer, or the name that the exception carries.
            why: One sentence: what is wrong, or why it is right although it looks wrong.
            period: As in the contract, section 8.
            direction: As in the contract, section 3; empty where nothing is owed.
            amount: Yuan; None where no amount can be computed.
        """
        name = party if isinstance(party, str) else party.name
        code = None if isinstance(party, str) else party.uscc
        value = None if amount is None else yuan(amount)
        self.planted.append(Planted(rule, kind, name, code, period, direction, value, why))


def day_text(day: date) -> str:
    """Write a day as the contract's period does: 2024-03-05."""
    return day.isoformat()

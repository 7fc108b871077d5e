"""Promise 2: every fen of both sides is explained, or the run ends.

On each side matched plus unmatched is the whole; what matched differs by what is recorded, no more.
The totals of the sides are summed from their own selects, apart from the classes. Not here: how a
line got its class.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.matching.errors import MatchProofError

if TYPE_CHECKING:
    import duckdb

_SETTLED = ("matched", "confirmed")


@dataclass(frozen=True)
class ClassTotal:
    """Lines and money of one class on one side. Units: yuan, signed."""

    lines: int
    amount: Decimal


@dataclass(frozen=True)
class SideProof:
    """One side: the whole, and every class of it."""

    lines: int
    amount: Decimal
    classes: dict[str, ClassTotal] = field(default_factory=dict)

    @property
    def matched(self) -> Decimal:
        """Money of matched and confirmed lines."""
        return sum((self.classes[c].amount for c in _SETTLED if c in self.classes), Decimal(0))

    @property
    def unmatched(self) -> Decimal:
        """Money of all other lines."""
        return sum(
            (total.amount for name, total in self.classes.items() if name not in _SETTLED),
            Decimal(0),
        )


@dataclass(frozen=True)
class PairingProof:
    """Both identities of one pairing, already checked."""

    pairing: str
    a: SideProof
    b: SideProof
    difference: Decimal


def prove_balance(connection: duckdb.DuckDBPyConnection) -> list[PairingProof]:
    """Check both identities of every pairing that ran.

    Args:
        connection: The connection on which `run_matching` ran.

    Returns:
        One proof per pairing, by name; amounts are signed yuan.

    Raises:
        MatchProofError: An identity fails; it names the pairing, the side and the difference.
    """
    totals = connection.execute(
        "select pairing, side, lines, amount from match_input_total order by pairing, side"
    ).fetchall()
    classes = connection.execute(
        "select pairing, side, class, count(*), sum(amount) from match_line "
        "group by pairing, side, class order by pairing, side, class"
    ).fetchall()
    differences = dict(
        connection.execute(
            "select pairing, sum(difference) from match_group "
            "where kind in ('matched', 'confirmed') group by pairing"
        ).fetchall()
    )
    sides: dict[tuple[str, str], SideProof] = {
        (pairing, side): SideProof(lines, amount) for pairing, side, lines, amount in totals
    }
    for pairing, side, class_, lines, amount in classes:
        sides[pairing, side].classes[class_] = ClassTotal(lines, amount)
    proofs = []
    for pairing in sorted({name for name, _ in sides}):
        proof = PairingProof(
            pairing,
            sides[pairing, "a"],
            sides[pairing, "b"],
            differences.get(pairing, Decimal(0)),
        )
        _check(proof)
        proofs.append(proof)
    return proofs


def _check(proof: PairingProof) -> None:
    for name, side in (("A", proof.a), ("B", proof.b)):
        lines = side.lines - sum(total.lines for total in side.classes.values())
        if lines:
            what = Text(f"{name} 方有行没有归类或归类不止一次", f"lines of side {name}")
            raise MatchProofError(proof.pairing, what, lines)
        rest = side.amount - side.matched - side.unmatched
        if rest:
            what = Text(f"{name} 方合计不等于已匹配加未匹配", f"total of side {name}")
            raise MatchProofError(proof.pairing, what, rest)
    rest = proof.a.matched - proof.b.matched - proof.difference
    if rest:
        what = Text("已匹配的两方之差不等于已记录的差额", "matched sides against differences")
        raise MatchProofError(proof.pairing, what, rest)

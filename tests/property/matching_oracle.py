"""The matcher once more, slow and plain: every pass by its definition, over explicit graphs.

Nothing here is shared with the matcher; it is written for at most about a dozen lines.
"""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.matching_support import Line

Place = tuple[str, int]
Group = tuple[int, frozenset[Place]]
WINDOW = 5


class Oracle:
    """Runs all passes in their order; `groups` and `ambiguous` are the answer."""

    def __init__(self, side_a: Iterable[Line], side_b: Iterable[Line]) -> None:
        self.open: dict[Place, Line] = {("a", line.line_id): line for line in side_a}
        self.open |= {("b", line.line_id): line for line in side_b}
        self.groups: set[Group] = set()
        self.doubts: dict[Place, int] = {}
        while True:
            self.doubts = {}
            before = len(self.groups)
            self.reference()
            self.party()
            self.amount()
            self.shared_key()
            self.sums()
            self.tolerance()
            self.reversals()
            if len(self.groups) == before or not self.doubts:
                break
        self.ambiguous = {place for place in self.doubts if place in self.open}

    def take(self, number: int, places: Iterable[Place]) -> None:
        members = frozenset(places)
        for place in members:
            del self.open[place]
        self.groups.add((number, members))

    def doubt(self, number: int, places: Iterable[Place]) -> None:
        for place in places:
            self.doubts.setdefault(place, number)

    def components(
        self, places: Iterable[Place], joined: Callable[[Place, Place], bool]
    ) -> list[list[Place]]:
        left, found = set(places), []
        while left:
            stack, part = [left.pop()], []
            while stack:
                place = stack.pop()
                part.append(place)
                near = {other for other in left if joined(place, other)}
                left -= near
                stack += near
            found.append(sorted(part))
        return found

    def can_pair(self, part: list[Place], joined: Callable[[Place, Place], bool]) -> bool:
        """Whether every line of a has its own line of b, by trying every order."""
        a = [place for place in part if place[0] == "a"]
        b = [place for place in part if place[0] == "b"]
        return len(a) == len(b) and any(
            all(joined(one, other) for one, other in zip(a, order, strict=True))
            for order in permutations(b)
        )

    def equal(
        self, number: int, places: list[Place], joined: Callable[[Place, Place], bool]
    ) -> None:
        for part in self.components(places, joined):
            if len({side for side, _ in part}) < 2:
                continue
            if self.can_pair(part, joined) and len(stated(part, self.open)) <= 1:
                self.take(number, part)
            elif len(part) > 2:
                self.doubt(number, part)

    def reference(self) -> None:
        places = [p for p, line in self.open.items() if line.reference and line.fen]
        lines = dict(self.open)
        self.equal(
            1,
            places,
            lambda x, y: (
                x[0] != y[0]
                and lines[x].reference == lines[y].reference
                and lines[x].fen == lines[y].fen
            ),
        )

    def party(self) -> None:
        places = [p for p, line in self.open.items() if line.party and line.fen]
        lines = dict(self.open)
        self.equal(
            2,
            places,
            lambda x, y: (
                near(x, y, lines)
                and lines[x].fen == lines[y].fen
                and lines[x].party == lines[y].party
            ),
        )

    def amount(self) -> None:
        lines = dict(self.open)

        def fits(x: Place, y: Place) -> bool:
            one, other = lines[x], lines[y]
            agree = one.party is None or other.party is None or one.party == other.party
            return near(x, y, lines) and one.fen == other.fen and agree

        places = [p for p, line in self.open.items() if line.fen]
        reach = {one: [other for other in places if fits(one, other)] for one in places}
        for one, others in reach.items():
            if len(others) == 1 and len(reach[others[0]]) == 1:
                if one[0] == "a":
                    self.take(3, (one, others[0]))
            elif others:
                self.doubt(3, (one,))

    def shared_key(self) -> None:
        keys = {line.key for line in self.open.values() if line.key}
        for key in keys:
            part = [place for place, line in self.open.items() if line.key == key]
            sums = {s: sum(self.open[p].fen for p in part if p[0] == s) for s in "ab"}
            names = [stated((p for p in part if p[0] == s), self.open) for s in "ab"]
            agree = names[0] == names[1] or not all(names)
            if len({side for side, _ in part}) == 2 and sums["a"] == sums["b"] != 0 and agree:
                self.take(4, part)

    def sums(self) -> None:
        options: dict[Place, list[frozenset[Place]]] = {}
        for target, line in self.open.items():
            pool = [
                place
                for place, other in self.open.items()
                if near(target, place, self.open)
                and line.party
                and other.party == line.party
                and line.fen * other.fen > 0
                and abs(other.fen) < abs(line.fen)
            ]
            found = [
                frozenset(chosen)
                for size in range(2, len(pool) + 1)
                for chosen in combinations(pool, size)
                if sum(self.open[place].fen for place in chosen) == line.fen
            ]
            if found:
                options[target] = found
        claims = {target: {target}.union(*found) for target, found in options.items()}
        unique = [
            target
            for target, found in options.items()
            if len(found) == 1
            and not any(
                claims[target] & claim for other, claim in claims.items() if other != target
            )
            and not any(place in self.doubts for place in claims[target])
        ]
        for target in options.keys() - set(unique):
            self.doubt(5, claims[target])
        for target in unique:
            self.take(5, claims[target])

    def tolerance(self) -> None:
        lines = {p: line for p, line in self.open.items() if self.doubts.get(p, 9) > 3}

        def joined(x: Place, y: Place) -> bool:
            one, other = lines[x], lines[y]
            return (
                near(x, y, lines)
                and one.party is not None
                and one.party == other.party
                and abs(one.fen - other.fen) <= 1
                and one.fen * other.fen > 0
            )

        for part in self.components(lines, joined):
            if len(part) == 2:
                self.take(6, part)
            elif len(part) > 2:
                self.doubt(6, part)

    def reversals(self) -> None:
        for side in "ab":
            lines = {p: line for p, line in self.open.items() if p[0] == side}

            def joined(x: Place, y: Place, lines: dict[Place, Line] = lines) -> bool:
                one, other = lines[x], lines[y]
                return (
                    one.fen == -other.fen != 0
                    and one.party is not None
                    and one.party == other.party
                    and abs((one.day or 0) - (other.day or 0)) <= WINDOW
                )

            for part in self.components(lines, joined):
                self.settle_reversals(part, lines)

    def settle_reversals(self, part: list[Place], lines: dict[Place, Line]) -> None:
        plus = sorted((lines[place].day or 0) for place in part if lines[place].fen > 0)
        minus = sorted((lines[place].day or 0) for place in part if lines[place].fen < 0)
        if not plus or not minus:
            return
        if len(plus) == len(minus) and any(
            all(abs(x - y) <= WINDOW for x, y in zip(plus, order, strict=True))
            for order in permutations(minus)
        ):
            self.take(7, part)
            return
        ordered = sorted(part, key=lambda place: lines[place].day or 0)
        if len({lines[place].day for place in part}) < len(part):
            self.doubt(7, part)
            return
        waiting: Place | None = None
        for place in ordered:
            if (
                waiting
                and lines[waiting].fen == -lines[place].fen
                and (lines[place].day or 0) - (lines[waiting].day or 0) <= WINDOW
            ):
                self.take(7, (waiting, place))
                waiting = None
            else:
                waiting = place


def stated(places: Iterable[Place], lines: dict[Place, Line]) -> set[str]:
    return {party for place in places if (party := lines[place].party) is not None}


def near(x: Place, y: Place, lines: dict[Place, Line]) -> bool:
    one, other = lines[x].day, lines[y].day
    return x[0] != y[0] and one is not None and other is not None and abs(one - other) <= WINDOW

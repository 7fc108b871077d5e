"""Whether the texts of a run's tables are packed on their way to its file.

Packing takes a tenth of a run's processor time and makes the file a quarter as large. Here: for
how many rows it is left out, and the memory that then stays for the tables. Not here: the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.sizes import bytes_of

if TYPE_CHECKING:
    from recon.engine.duckdb import Session

#: Source rows. With fewer most tables are too small to be packed; with more the file, some 600
#: bytes a row, is more than an office machine should hold for a while.
FEWEST, MOST = 500_000, 4_000_000
#: Bytes of memory limit that there must be for each row: what is not packed is read again.
_NEEDED = 650
#: Tables of a file leave memory at no cost, so that less of it holds what a run works on.
_SHARE = 2 / 3


def leave_unpacked(session: Session, rows: int) -> bool:
    """Leave the texts of tables that are made from now on as they are, where that pays.

    Args:
        session: A session that is not sealed yet.
        rows: Source rows of the run.

    Returns:
        Whether they are left so.
    """
    ((said,),) = session.execute("select current_setting('memory_limit')", "memory_limit")
    limit = bytes_of(said) or 0
    if not FEWEST <= rows <= MOST or rows * _NEEDED > limit:
        return False
    session.run_script(
        "set disabled_compression_methods = 'dict_fsst'; "
        f"set memory_limit = '{int(limit * _SHARE) // 2**20}MiB'"
    )
    return True

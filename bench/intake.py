"""The intake benchmark: `uv run python -m bench.intake` reads one long sheet and many small files.

It makes a workbook of a million fee rows, the same rows as a GB18030 csv, and a folder
of 200 small monthly exports, and runs `recon check --select REM-09` on each. Printed: the CPU
seconds of recon's intake beside those of fastexcel (strings) or `polars.read_csv` (the same rows in
UTF-8) over the same file, and the seconds of `recon map` over the 200 files.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import polars as pl
import xlsxwriter

from bench.make_data import DATA, make
from bench.run import COMMAND, run_bare, run_child, run_recon

_ROWS = 1_000_000
_FILES = 200
_NAME = "工会经费代收明细"


def fee_rows(rows: int) -> pl.DataFrame:
    """Return so many rows of the city's tax collection list, repeated under new voucher numbers."""
    text = pl.read_csv(make("city", 1, DATA) / "csv" / f"{_NAME}.csv", infer_schema=False)
    times = -(-rows // text.height)
    parts = [
        text.with_columns(pl.col("电子税票号码") + (f"-{turn}" if turn else ""))
        for turn in range(times)
    ]
    return pl.concat(parts).head(rows)


def write_xlsx(rows: pl.DataFrame, path: Path) -> None:
    """Write rows as text cells, money as numbers, as a tax office's export has them."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("代收明细")
    sheet.write_row(0, 0, rows.columns)
    money = {rows.columns.index(name) for name in ("计费依据", "实缴金额")}
    for number, row in enumerate(rows.iter_rows(), start=1):
        sheet.write_row(
            number, 0, [float(cell) if at in money else cell for at, cell in enumerate(row)]
        )
    book.close()


def compare(folder: Path, bare: Path) -> dict[str, float]:
    """Return CPU seconds of recon's intake and of the bare read, and their ratio."""
    figures = run_recon(folder, "--select", "REM-09", "--no-cache")
    mine = figures["timing"]["cpu_seconds"]["read"]
    plain = run_bare("read", bare)["cpu_seconds"]
    return {
        "recon_cpu": mine,
        "bare_cpu": plain,
        "ratio": round(mine / plain, 2),
        "peak_mb": figures["peak_mb"],
    }


def main() -> None:
    """Measure all three."""
    rows = fee_rows(int(sys.argv[1]) if len(sys.argv) > 1 else _ROWS)
    with tempfile.TemporaryDirectory(prefix="recon-bench-") as scratch:
        book, legacy, plain, small = (Path(scratch) / name for name in ("x", "g", "u", "s"))
        for folder in (book, legacy, plain, small):
            folder.mkdir()
        rows.write_csv(plain / f"{_NAME}.csv")
        text = (plain / f"{_NAME}.csv").read_text(encoding="utf-8")
        (legacy / f"{_NAME}.csv").write_text(text, encoding="gb18030")
        print("csv, GB18030", json.dumps(compare(legacy, plain)), flush=True)
        for number in range(_FILES):
            write_xlsx(rows.slice(number * 100, 100), small / f"{_NAME}{number:03}.xlsx")
        took = run_child(["-c", COMMAND, "map", str(small)])
        print(
            f"map of {_FILES} files",
            took["seconds"],
            "s,",
            took["cpu_seconds"],
            "cpu s",
            flush=True,
        )
        shutil.rmtree(small)
        write_xlsx(rows, book / f"{_NAME}.xlsx")
        print("xlsx", json.dumps(compare(book, book)), flush=True)


if __name__ == "__main__":
    main()

"""The validation part by Great Expectations: checks of the collection table, read from CSV.

Reports which rows fail, as recon's data quality sheet does: OUT holds row_no, the row in the file.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

from bench.rivals.clock import contend

if TYPE_CHECKING:
    from pathlib import Path

_DAYS = ("费款所属期起", "费款所属期止", "入库日期")
_NEEDED = ("征收品目", "费款所属期起", "费款所属期止", "实缴金额", "入库日期")
_CODE = "社会信用代码(纳税人识别号)"
_MONEY = r"^-?\d+(\.\d{1,2})?$"


def run(folder: Path, out: Path) -> dict[str, Any]:
    """Read one CSV as text and validate it."""
    logging.disable(logging.WARNING)
    (path,) = folder.glob("*.csv")
    frame = pd.read_csv(path, dtype="str", encoding="utf-8-sig")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("made")
        .add_dataframe_asset("collection")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame})
    )
    suite = gx.ExpectationSuite(
        "collection",
        expectations=[
            *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in _NEEDED),
            *(
                gxe.ExpectColumnValuesToMatchStrftimeFormat(column=name, strftime_format="%Y-%m-%d")
                for name in _DAYS
            ),
            *(
                gxe.ExpectColumnValuesToMatchRegex(column=name, regex=_MONEY)
                for name in ("计费依据", "实缴金额")
            ),
            gxe.ExpectColumnValuesToMatchRegex(column=_CODE, regex="^[0-9A-Z]{18}$"),
            gxe.ExpectColumnValuesToBeInSet(
                column="征收品目", value_set=["工会经费", "建会筹备金"]
            ),
        ],
    )
    found = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    places = {
        place + 2  # the header is row 1
        for one in found.results
        for place in one.result.get("unexpected_index_list") or ()
    }
    pd.DataFrame({"row_no": sorted(places)}).to_parquet(out)
    return {"rows": len(frame), "checks": len(found.results), "seen": len(places)}


if __name__ == "__main__":
    contend(run)

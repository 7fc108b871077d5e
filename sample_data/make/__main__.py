"""Writes the county: `python -m sample_data.make [FOLDER]` (default: sample_data itself)."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from sample_data.make.build import build_county
from sample_data.make.files import write_csv, write_xls, write_xlsx
from sample_data.make.inspection import make_inspection
from sample_data.make.layout import File, all_files
from sample_data.make.report import planted_yaml, readme

OUTPUTS = "recon-out"
HERE = Path(__file__).resolve().parent


def write_file(folder: Path, file: File) -> None:
    """Write one file of the county below a folder, in the format that its name says."""
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xlsx":
        write_xlsx(path, file.sheets)
    elif path.suffix == ".xls":
        write_xls(path, file.sheets)
    else:
        write_csv(path, file.sheets[0], file.encoding)


def make(folder: Path) -> None:
    """Rewrite `county/`, `inspection/`, planted.yaml and README.md below a folder.

    Args:
        folder: Normally sample_data of the checkout; the folders in `county/` are replaced, but
            not the outputs of `recon`.
    """
    make_inspection(folder)
    county = build_county()
    files = all_files(county)
    target = folder / "county"
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(target.iterdir()):
        if path.is_dir() and path.name != OUTPUTS:
            shutil.rmtree(path)
    for file in files:
        write_file(target, file)
    shutil.copytree(HERE / "settings" / "county", target, dirs_exist_ok=True)
    (folder / "planted.yaml").write_text(planted_yaml(county), encoding="utf-8", newline="\n")
    (folder / "README.md").write_text(readme(county, files), encoding="utf-8", newline="\n")


def main() -> None:
    """Write the county into the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE.parent)
    make(parser.parse_args().folder)


if __name__ == "__main__":
    main()

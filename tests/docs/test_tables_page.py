from pathlib import Path

from recon.tables.manual import tables_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tables.md"


def test_the_tables_page_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == tables_page()

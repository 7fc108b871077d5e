"""What is wrong with the words of a command and with recon.toml is said at once, before reading."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from recon.base.errors import ConfigError, NoInputError, ReviewPeriodError
from recon.base.models import CheckRequest, Intake
from recon.run.check import run_check
from recon.run.plan import make_plan
from recon.run.review_period import review_period, warnings_of

if TYPE_CHECKING:
    from pathlib import Path


def asked(folder: Path, **options: Any) -> CheckRequest:
    return CheckRequest(data_dir=folder, **({"as_of": date(2025, 1, 31)} | options))


def faults_of(request: CheckRequest) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        make_plan(request, lambda _stage, _detail: None)
    return [fault.zh for fault in caught.value.faults]


def test_faults_of_settings_rules_and_the_command_line_come_together(tmp_path: Path) -> None:
    (tmp_path / "recon.toml").write_text(
        '[self]\nlevel = "x"\n[policy]\n"fee.dueday" = 15\n[rules]\nignore = ["ORGG", "ORG"]\n',
        encoding="utf-8",
    )
    (tmp_path / "rules").mkdir()
    found = faults_of(
        asked(
            tmp_path,
            select=("REM-99", "SME"),
            locale="nowhere",
            review_from=date(2024, 12, 1),
            review_to=date(2024, 1, 31),
        )
    )
    expected = ("[self] level", "fee.dueday", "--select REM-99", "[rules] ignore: ORGG", "nowhere")
    assert [word for word in expected if sum(word in fault for fault in found) != 1] == []
    assert [fault for fault in found if "的止日早于起日" in fault] == [found[-1]]
    assert len(found) == len(expected) + 1


def test_a_fault_of_recon_toml_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "recon.toml").write_text(
        '[check]\nlocale = "nowhere"\nfrom = 2024-02-01\nto = 2024-01-01\n', encoding="utf-8"
    )
    found = faults_of(asked(tmp_path))
    assert len(found) == 2
    assert "nowhere" in found[1]


def test_one_end_of_the_period_on_the_command_line_is_held_against_recon_toml(
    tmp_path: Path,
) -> None:
    (tmp_path / "recon.toml").write_text("[check]\nfrom = 2024-03-01\n", encoding="utf-8")
    assert "2024-03-01 .. 2024-01-01" in faults_of(asked(tmp_path, review_to=date(2024, 1, 1)))[0]


def test_a_rule_file_at_the_wrong_place_is_no_rule_left_out_in_silence(tmp_path: Path) -> None:
    (tmp_path / "rules" / "matching").mkdir(parents=True)
    (tmp_path / "rules" / "matching" / "own.yaml").write_text("{}", encoding="utf-8")
    (tmp_path / "rules" / "loc_01_name.yml").write_text("code: LOC-01", encoding="utf-8")
    found = faults_of(asked(tmp_path))
    assert len(found) == 1
    assert "loc_01_name.yml: 规则文件没有放对地方" in found[0]


def test_a_period_beyond_the_data_is_an_error(tmp_path: Path) -> None:
    nothing = Intake((), (), {}, pl.DataFrame(), pl.DataFrame())
    request = asked(tmp_path, review_from=date(2100, 1, 1))
    with pytest.raises(ReviewPeriodError):
        review_period(request, nothing)


def test_an_as_of_before_the_period_is_said(tmp_path: Path) -> None:
    nothing = Intake((), (), {}, pl.DataFrame(), pl.DataFrame())
    days = {"review_from": date(2025, 2, 1), "review_to": date(2025, 3, 31)}
    said = [each.zh for each in warnings_of(asked(tmp_path, **days), nothing, ())]
    assert len(said) == 1
    assert "截止日 2025-01-31 早于审查期间" in said[0]
    assert warnings_of(asked(tmp_path, as_of=date(2025, 2, 1), **days), nothing, ()) == ()


def test_a_folder_without_data_gets_no_key_and_no_cache(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(NoInputError):
        run_check(asked(tmp_path, out_dir=tmp_path / "out"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "out"]

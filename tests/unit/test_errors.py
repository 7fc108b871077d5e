"""Every error is one sentence in each language: where, what is wrong, what to do; status 2."""

from __future__ import annotations

import importlib
import pkgutil
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import recon
from recon.base import errors
from recon.base.errors import ReconError
from recon.base.models import Text
from recon.base.texts import speak
from recon.cli import cli
from recon.desk import errors as desk
from recon.engine import spark_errors as spark
from recon.ledger import errors as ledger
from recon.matching import errors as matching
from recon.rollup import errors as rollup
from recon.rules import errors as rules
from recon.share import errors as share
from recon.workspace import errors as workspace

FULL_DISK = OSError(28, "No space left on device")
WHY = Text("列不存在", "no such column")

#: Each error with its place, and a word of what to do in each language.
SENTENCES: list[tuple[ReconError, str, str, str]] = [
    (errors.ConfigError([Text("a.yaml: 错。改正。", "a.yaml: wrong. Correct it.")]),
     "a.yaml", "改正", "Correct"),
    (errors.YamlError(Path("fee.yaml"), 3, "重复的键“due_day”。删去一个。",
                      "duplicate key 'due_day'. Keep one."), "fee.yaml:3", "删去", "Keep"),
    (errors.YamlError("fee.yaml", None, "过大。分开。", "too large. Split it."),
     "fee.yaml", "分开", "Split"),
    (errors.ResourceMissingError("rules"), "rules", "重新安装", "Install recon again"),
    (errors.PasswordFileError(Path("口令.txt")), "口令.txt", "一行写一个", "one password a line"),
    (rules.UnknownRuleError("REM-99", ("REM-09",)), "REM-99", "是不是 REM-09", "mean REM-09"),
    (rules.UnknownTableError("stg_tri", ("stg_trip",)), "stg_tri", "是不是 stg_", "mean stg_"),
    (rules.UnknownRuleError("甲", ()), "甲", "recon rules list", "recon rules list"),
    (errors.UnknownParameterError("fee.rat", ("fee.rate",)),
     "fee.rat", "是不是 fee.rate", "mean fee.rate"),
    (errors.UnknownParameterError("甲", ()), "甲", "recon policy list", "recon policy list"),
    (errors.EngineError("sql/staging/stg_x.sql", "Parser Error: near 'form'"),
     "sql/staging/stg_x.sql", "near 'form'", "near 'form'"),
    (errors.DatabaseMemoryError("--memory"), "--memory", "给更多内存", "Give more by --memory"),
    (ledger.LedgerAlteredError("a.sqlite", 3), "a.sqlite", "从备份恢复", "from a backup"),
    (ledger.LedgerOlderError("a.sqlite", "r1", 3, "ab", "out/r1"),
     "a.sqlite", "从备份恢复", "from a backup"),
    (ledger.LedgerLostError("a.sqlite", 3, "ab", ".a.head"),
     "a.sqlite", "从备份恢复", "from a backup"),
    (ledger.DecidedSinceError("3f2a", "—"), "3f2a", "没有覆盖", "it was kept"),
    (ledger.EventStepError(3, WHY), "3", "列不存在", "no such column"),
    (ledger.BackupError("b.zip", WHY), "b.zip", "列不存在", "no such column"),
    (workspace.KeyLostError("recon.key", "out"), "recon.key", "从备份恢复", "from a backup"),
    (workspace.KeyChangedError("recon.key", "r1", "out"), "recon.key", "恢复原来", "Restore"),
    (workspace.RunAlteredError("x.csv"), "x.csv", "重新运行", "run recon check again"),
    (workspace.RunBrokenError("run.json"), "run.json", "重新运行", "run recon check again"),
    (ledger.LedgerMovedError("a.sqlite"), "a.sqlite", "再运行一次", "Run again"),
    (errors.RuleSqlError("REM-01", "sql/rules/rem/rem_01.sql", WHY),
     "REM-01", "发给维护者", "report this sentence"),
    (rules.OwnSqlError("rules/loc/loc_01.yaml", "no column x", Text("现有：a。", " There are: a.")),
     "rules/loc/loc_01.yaml", "请改正这个文件", "Correct this file"),
    (rules.CaseError("tests/rules/loc/loc_01.yaml", "a case", "unknown table 'x'"),
     "tests/rules/loc/loc_01.yaml", "unknown table 'x'", "unknown table 'x'"),
    (spark.SparkMasterError(None), "--master", "sc://主机:端口", "sc://HOST:PORT"),
    (spark.SparkMissingError(), "--engine spark", "union-recon[spark]", "union-recon[spark]"),
    (spark.SparkUnreachableError("sc://h:1", "refused"),
     "sc://h:1", "检查地址", "Check the address"),
    (spark.SparkFailedError("REM-01", "worker lost"), "REM-01", "再运行一次", "run again"),
    (spark.SparkRefusesRulesError([Text("LOC-01（avg()）", "LOC-01 (avg())")]),
     "--engine spark", "LOC-01（avg()）", "LOC-01 (avg())"),
    (workspace.OutputBusyError("out"), "out", "--out 另选目录", "choose another with --out"),
    (workspace.OutputUnwritableError("out", FULL_DISK), "out", "磁盘空间", "disk space"),
    (workspace.OutputUnwritableError("out", OSError("odd")), "out", "odd", "odd"),
    (workspace.KeyDamagedError("recon.key"), "recon.key", "从备份恢复", "from a backup"),
    (errors.TemporaryUnwritableError("tmp", "No space left"),
     "tmp", "腾出磁盘空间", "Free disk space"),
    (workspace.RunChangedError("out/run.json"), "out/run.json", "移走", "Move its run folder away"),
    (errors.NoInputError("data", exists=False), "data", "检查路径", "Check the path"),
    (errors.NoInputError("a.csv", is_folder=False), "a.csv", "写资料所在的目录", "Name the folder"),
    (errors.ReviewPeriodError(date(2024, 12, 1), date(2024, 1, 31)),
     "2024-12-01 .. 2024-01-31", "改 --from", "Correct --from"),
    (errors.NoInputError("data"), "data", "recon init", "recon init"),
    (errors.NoInputError("data", files=3), "data", "recon map", "recon map"),
    (errors.NoInputError("data", files=3, tables=2), "data", "没有数据行", "without rows"),
    (errors.AliasError("aliases.csv", 4), "aliases.csv:4", "每行写", "Write one line"),
    (errors.UnbalancedSheetError("a.xlsx#S", None, 5, 4), "a.xlsx#S", "一起报告", "report it"),
    (errors.UnbalancedSheetError("a.xlsx#S", "paid", 5, 4),
     "a.xlsx#S", "paid 的金额", "paid in yuan"),
    (errors.PartyUnknownError("P1", ["P12"]), "P1", "最接近：P12", "Nearest: P12"),
    (errors.UnitUnknownError("U1", ["U12"]), "U1", "最接近：U12", "Nearest: U12"),
    (errors.PartyUnknownError("x", []), "x", "写全名称", "Write the whole name"),
    (ledger.AliasStepError("P1", Text("记过", "is booked")), "P1", "--by 确认人", "--by PERSON"),
    (errors.RunMissingError("out"), "out", "先运行 recon check", "Run 'recon check' first"),
    (errors.ExceptionUnknownError("3f2a", "out/run", ["3f2a1", "3f2a2"]),
     "3f2a", "写全编号", "Write the whole id"),
    (errors.ExceptionUnknownError("3f2a", "out/run", []), "3f2a", "out/run", "out/run"),
    (errors.NotARunError("3f2a", "out"), "3f2a", "写运行目录的路径", "Give the folder's path"),
    (errors.NotVerifiableError("out/3f2a", Text("资料变了", "an input changed")),
     "out/3f2a", "找回原来的资料", "Restore the inputs"),
    (errors.InputsMovedError(["a.xlsx", "b.csv"]), "a.xlsx, b.csv", "不再变动后", "rest"),
    (share.PseudonymsUsedUpError("person"), "person", "发给维护者", "Report this sentence"),
    (share.NotShareableError("share-3f2a", "已有。移走。", "is there. Move it away."),
     "share-3f2a", "移走", "Move it away"),
    (ledger.LedgerStepError("3f2a", Text("已经销号。先 reopen", "closed. Reopen it first")),
     "3f2a", "reopen", "Reopen"),
    (ledger.LedgerBusyError("recon.sqlite"), "recon.sqlite", "等它结束", "Wait for it"),
    (ledger.LedgerUnwritableError("recon.sqlite", "disk I/O error"),
     "recon.sqlite", "检查权限", "Check permissions"),
    (ledger.NoReviewColumnsError("a.xlsx"), "a.xlsx", "check 写出的工作簿", "that check wrote"),
    (ledger.WorkbookUnreadableError("a.xlsx", Text("已损坏", "damaged")),
     "a.xlsx", "另存为 .xlsx", "Save it as .xlsx"),
    (errors.SeveralWorkspacesError("data", ["a", "b"]),
     "data", '[check] skip = ["a", "b"]', '[check] skip = ["a", "b"]'),
    (ledger.LedgerDamagedError("recon.sqlite", "not a database"),
     "recon.sqlite", "从备份恢复", "from a backup"),
    (ledger.LedgerNewerError("recon.sqlite"), "recon.sqlite", "升级", "Upgrade"),
    (rules.RuleCodeError("REM"), "REM", "例如 LOC-01", "For example LOC-01"),
    (rules.RuleExistsError("rules/loc/loc_01.yaml"),
     "rules/loc/loc_01.yaml", "换一个编号", "Choose another code"),
    (matching.MatchSideError("bank_ledger", "a", "no column day"),
     "bank_ledger", "改正", "Correct the select"),
    (matching.MatchProofError("bank_ledger", Text("甲方", "side A"), "0.01"),
     "bank_ledger", "相差 0.01", "difference 0.01"),
    (workspace.TemplateExistsError("recon.toml"),
     "recon.toml", "换一个目录", "Choose another folder"),
    (desk.DeskClosedError("data"), "data", "先运行 recon desk", "Run 'recon desk' first"),
    (desk.DeskPortError(80, "denied"), "127.0.0.1:80", "用 --port 另选", "Choose another"),
    (desk.DeskReadOnlyError("data", WHY), "data", "没有改动", "nothing was changed"),
    (desk.DeskBusyError("check"), "check", "先停止", "stop it first"),
    (rollup.NoCountiesError("某市"), "某市", "recon init", "recon init"),
    (rollup.CityUnbalancedError("甲县", "pay_in", "1.00", "1.01"),
     "甲县", "重新运行", "run it again"),
    (rollup.CityKeyError("rollup.key"), "rollup.key", "删除", "Remove"),
    (rollup.CountyUnknownError("x", "a, b"), "--only x", "改成", "Give its path"),
    (desk.UploadError("a.exe", WHY), "a.exe", "列不存在", "no such column"),
    (desk.FieldError("name", WHY), "name", "列不存在", "no such column"),
]  # fmt: skip


def test_every_sentence_is_here() -> None:
    for module in pkgutil.walk_packages(recon.__path__, "recon."):
        if module.name.endswith("errors"):
            importlib.import_module(module.name)
    waiting, kinds = [ReconError], set[type[ReconError]]()
    while waiting:
        below = waiting.pop().__subclasses__()
        kinds |= set(below)
        waiting += below
    shown = {type(error) for error, *_ in SENTENCES}
    missing = {kind.__name__ for kind in kinds - shown if kind.__module__.endswith("errors")}
    assert missing == {"UnknownSourcesError"}  # below: it has many lines


def name_of(value: object) -> str:
    return type(value).__name__ if isinstance(value, ReconError) else ""


@pytest.mark.parametrize(("error", "place", "do_zh", "do_en"), SENTENCES, ids=name_of)
def test_a_sentence_says_where_what_and_what_to_do(
    error: ReconError, place: str, do_zh: str, do_en: str
) -> None:
    assert error.exit_code == 2
    for sentence, todo in ((error.text.zh, do_zh), (error.text.en, do_en)):
        assert sentence.startswith(place)
        assert todo in sentence
        assert "Traceback" not in sentence
        assert "\n" not in sentence


@pytest.mark.parametrize(("error", "place", "do_zh", "do_en"), SENTENCES, ids=name_of)
def test_each_language_is_itself(
    error: ReconError, place: str, do_zh: str, do_en: str
) -> None:  # the reasons that a program gives are quoted as they are
    quoted = isinstance(error, errors.EngineError | rules.CaseError)
    chinese = re.compile(r"[\u4e00-\u9fff]")
    if not quoted:
        assert chinese.search(error.text.zh)
    english = re.sub("例外编号|核实结论", "", error.text.en)  # headers of the workbook
    assert not chinese.search(english.removeprefix(place))


def test_unknown_sources_are_listed_one_a_line() -> None:
    places = [Text("甲.csv", "a.csv"), Text("乙.csv", "b.csv")]
    error = errors.UnknownSourcesError(places)
    assert error.exit_code == 2
    assert error.text.zh.splitlines()[1:] == ["  甲.csv", "  乙.csv"]
    assert error.text.en.splitlines()[1:] == ["  a.csv", "  b.csv"]
    assert "locked = false" in error.text.zh.splitlines()[0]


def test_faults_of_settings_are_shown_together() -> None:
    error = errors.ConfigError([Text("一", "one"), Text("二", "two")])
    assert (error.text.zh, error.text.en) == ("一\n二", "one\ntwo")


def test_the_sentence_is_in_the_spoken_language_without_a_prefix() -> None:
    error = errors.RunMissingError("out")
    assert str(error).startswith("out: 这里没有")
    speak("en")
    assert str(error).startswith("out: no complete run")
    result = CliRunner().invoke(cli, ["explain", "0000", "--out", "nowhere", "--lang", "en"])
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0].startswith("nowhere: no complete run here")


def test_no_input_tells_what_is_known_about_single_files_a_line_each() -> None:
    hints = Text("a.xlsx: 有口令。", "a.xlsx: has a password."), Text("b: 缺列。", "b: no column.")
    error = errors.NoInputError("data", files=1, hints=hints)
    assert error.text.zh.splitlines()[1:] == ["a.xlsx: 有口令。", "b: 缺列。"]
    assert error.text.en.splitlines()[1:] == ["a.xlsx: has a password.", "b: no column."]

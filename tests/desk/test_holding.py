"""Whose desk a folder is; starting twice; ending."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import psutil
import pytest
from click.testing import CliRunner

from recon.cli import cli
from recon.desk import holding
from recon.desk.errors import DeskClosedError, DeskPortError
from recon.desk.holding import Holder, holder, leave, stay, take
from recon.desk.place import Place
from recon.desk.server import Wish, link_of, serve
from tests.desk.desk_support import at

if TYPE_CHECKING:
    from pathlib import Path


def of_another_machine(**changed: object) -> Holder:
    me = replace(Holder.me(9), mark="00000000", machine="财务室-02", person="李四")
    return replace(me, **changed)  # type: ignore[arg-type]


def write(out_dir: Path, one: Holder) -> Path:
    out_dir.mkdir(exist_ok=True)
    path = out_dir / holding.FILE
    path.write_text(json.dumps(asdict(one)), encoding="utf-8")
    return path


def test_a_folder_is_taken_and_let_go(tmp_path: Path) -> None:
    out = tmp_path / "recon-out"
    assert take(out, 9) is None
    mine = holder(out)
    assert mine is not None
    assert mine.process == os.getpid()
    assert stay(out, mine)
    leave(out, mine)
    assert holder(out) is None


def test_a_dead_desk_of_this_machine_gives_way(tmp_path: Path) -> None:
    out = tmp_path / "recon-out"
    write(out, replace(Holder.me(9), process=2**22 + 5))
    assert take(out, 10) is None
    write(out, replace(Holder.me(9), born=1.0))  # the number was given to another process since
    assert take(out, 10) is None


def test_another_machine_s_desk_stays_until_it_is_silent(tmp_path: Path) -> None:
    out = tmp_path / "recon-out"
    other = of_another_machine()
    path = write(out, other)
    assert take(out, 10) == other
    silent = time.time() - 3600
    os.utime(path, (silent, silent))
    assert take(out, 10) is None
    assert not stay(out, other)
    leave(out, other)
    assert holder(out) is not None  # it is no longer the other's to let go


def test_a_desk_whose_disk_is_away_for_a_while_stays(tmp_path: Path) -> None:
    out = tmp_path / "recon-out"
    me = Holder.me(9)
    path = write(out, me)
    out.rename(tmp_path / "away")
    assert holder(out) is None
    assert stay(out, me)
    (tmp_path / "away").rename(out)
    assert stay(out, me)
    path.write_text(json.dumps(asdict(of_another_machine())), encoding="utf-8")
    assert not stay(out, me)


def test_a_file_that_says_nothing_is_no_holder(tmp_path: Path) -> None:
    path = write(tmp_path / "recon-out", Holder.me(9))
    for text in ("", "{", "[]", '{"mark": 1}'):
        path.write_text(text, encoding="utf-8")
        assert holder(path.parent) is None


def test_a_held_folder_is_shown_and_not_changed(tmp_path: Path) -> None:
    desk, client = at(tmp_path)
    desk.held_by = of_another_machine(since="2025-01-10T09:30:00+08:00")
    page = client.get("/nothing").text
    assert "财务室-02" in page
    assert "李四" in page
    assert "2025-01-10 09:30" in page
    client.post("/lang", data={"lang": "en"})
    assert "Read only" in client.get("/nothing").text


def test_the_secret_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    secret = holding.keep_secret(tmp_path / "out")
    assert holding.read_secret(tmp_path / "out") == secret
    (file,) = (tmp_path / ".recon").iterdir()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    holding.forget_secret(tmp_path / "out")
    assert holding.read_secret(tmp_path / "out") is None


def test_a_link_needs_an_open_desk(tmp_path: Path) -> None:
    with pytest.raises(DeskClosedError):
        link_of(Place(tmp_path, tmp_path / "recon-out"))
    result = CliRunner().invoke(cli, ["desk", str(tmp_path), "--link"])
    assert result.exit_code == 2


def test_a_port_in_use_has_its_sentence(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        with pytest.raises(DeskPortError, match="--port"):
            serve(
                Place(tmp_path, tmp_path / "o"),
                Wish(busy.getsockname()[1], opens_browser=False),
                print,
            )


def test_who_opens_the_link_at_once_is_not_turned_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)  # it has not come up yet
    reached: list[str] = []

    def tell(line: str) -> None:
        if found := re.search(r"127\.0\.0\.1:(\d+)", line):
            socket.create_connection(("127.0.0.1", int(found[1])), timeout=5).close()
            reached.append(line)

    serve(Place(tmp_path, tmp_path / "o"), Wish(opens_browser=False), tell)
    assert len(reached) == 1


def start(folder: Path, home: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "HOME": str(home), "USERPROFILE": str(home)}
    return subprocess.Popen(
        [sys.executable, "-m", "recon", "desk", str(folder), "--no-browser", *words],
        stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment,
    )  # fmt: skip


LINKS: dict[int, str] = {}


def start_later(folder: Path, home: Path, first: subprocess.Popen[str]) -> subprocess.Popen[str]:
    """Start another desk once the first one has printed its link."""
    assert first.stdout is not None
    LINKS[first.pid] = "http" + first.stdout.readline().strip().partition("http")[2]
    return start(folder, home)


@pytest.mark.skipif(os.name == "nt", reason="a signal of Ctrl-C goes to a process group there")
def test_one_desk_a_folder_until_ctrl_c(tmp_path: Path) -> None:
    data = tmp_path / "资料"
    data.mkdir()
    with start(data, tmp_path) as first, start_later(data, tmp_path, first) as second:
        told = second.communicate(timeout=60)[0]
        assert second.returncode == 0
        link = LINKS[first.pid]
        assert link.split("/open")[0] in told  # the same desk, by a new link
        assert link not in told
        sockets = psutil.Process(first.pid).net_connections()
        assert {one.laddr.ip for one in sockets if one.status == "LISTEN"} == {"127.0.0.1"}
        first.send_signal(signal.SIGINT)
        assert first.wait(timeout=30) == 0
        assert holder(data / "recon-out") is None
        assert first.stdout is not None
        assert "已关闭" in first.stdout.read()


def test_an_idle_desk_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    said: list[str] = []
    serve(Place(tmp_path, tmp_path / "recon-out"), Wish(0, 0.2, opens_browser=False), said.append)
    assert said[-1] == "工作台已关闭。"
    assert holder(tmp_path / "recon-out") is None

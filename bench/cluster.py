"""A real Spark 4 on this machine: standalone master, two workers on loopback, Spark Connect.

Starts the processes of a `pyspark` package (its jars) by Java, each with little memory, and ends
them. Not here: what runs on it (see `bench.spark`). Needs Java 17 or newer on the path.
"""

from __future__ import annotations

import os
import socket
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_HOST = "127.0.0.1"
_WAIT_SECONDS = 300
#: Tables are small beside Spark's usual ones: few partitions, no state beyond the run.
_SETTINGS = {
    "spark.driver.bindAddress": _HOST,
    "spark.driver.host": _HOST,
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
}


@dataclass
class Running:
    """The processes of a cluster: `workers` in order of their start."""

    home: Path
    logs: Path
    master: str = ""
    address: str = ""
    processes: list[psutil.Popen] = field(default_factory=list)
    workers: list[psutil.Popen] = field(default_factory=list)

    def start(self, name: str, *words: str) -> psutil.Popen:
        """Start one of Spark's own classes; its output goes to a file of its name."""
        tool = "spark-class.cmd" if os.name == "nt" else "spark-class"
        with (self.logs / f"{name}.log").open("wb") as log:
            process = psutil.Popen(
                [str(self.home / "bin" / tool), *words],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.logs,
                env={**os.environ, "SPARK_HOME": str(self.home), "SPARK_LOCAL_IP": _HOST},
            )
        self.processes.append(process)
        return process

    def said(self, name: str, words: str) -> bool:
        """Tell whether a process has said something."""
        return words in (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")


def spark_home(folder: Path) -> Path:
    """Return the home of the Spark in an environment, which is made if it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run(["uv", "venv", "--quiet", str(folder)], check=True)
        subprocess.run(
            ["uv", "pip", "install", "--quiet", "--python", str(python), "pyspark>=4,<5"],
            check=True,
        )
    (home,) = folder.glob("[Ll]ib/**/site-packages/pyspark")
    return home


def kill(process: psutil.Popen) -> int:
    """Kill a process and its children at once, as a machine that fails; return how many."""
    family = [process, *process.children(recursive=True)]
    for one in family:
        with suppress(psutil.Error):
            one.kill()
    return len(family)


@contextmanager
def cluster(home: Path, logs: Path, memory: str) -> Iterator[Running]:
    """Yield a running cluster; all its processes end with the block.

    Args:
        home: Spark's home.
        logs: A folder for logs and the workers' scratch files.
        memory: Of each executor, as Spark writes it; driver and workers' own processes get 1g.
    """
    running = Running(home, logs)
    try:
        _start(running, memory)
        yield running
    finally:
        for process in running.processes:
            with suppress(psutil.Error):
                kill(process)


def _start(running: Running, memory: str) -> None:
    package, port = "org.apache.spark.deploy", _free_port()
    running.master = f"spark://{_HOST}:{port}"
    at = ("--host", _HOST, "--webui-port", "0")
    running.start("master", f"{package}.master.Master", *at, "--port", str(port))
    _wait(running, "master", lambda: running.said("master", "New state: ALIVE"))
    for name in ("worker1", "worker2"):
        running.workers.append(
            running.start(
                name,
                f"{package}.worker.Worker",
                *(*at, "--cores", "1", "--memory", memory),
                *("--work-dir", str(running.logs / f"{name}-work"), running.master),
            )
        )
    for name in ("worker1", "worker2"):
        _wait(running, name, partial(running.said, name, "Successfully registered with master"))
    connect = _free_port()
    running.address = f"sc://{_HOST}:{connect}"
    settings = {
        **_SETTINGS,
        "spark.executor.memory": memory,
        "spark.connect.grpc.binding.address": _HOST,
        "spark.connect.grpc.binding.port": str(connect),
        "spark.local.dir": str(running.logs / "local"),
        "spark.sql.warehouse.dir": str(running.logs / "warehouse"),
    }
    running.start(
        "connect",
        f"{package}.SparkSubmit",
        *("--master", running.master, "--driver-memory", "1g"),
        *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
        *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"),
    )
    _wait(running, "connect", lambda: _listens(connect))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((_HOST, 0))
        return int(one.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex((_HOST, port)) == 0


def _wait(running: Running, name: str, is_ready: Callable[[], bool]) -> None:
    """Wait until a process is ready."""
    until = monotonic() + _WAIT_SECONDS
    while not is_ready():
        if running.processes[-1].poll() is not None or monotonic() > until:
            raise SystemExit(f"{name} did not start; see {running.logs / f'{name}.log'}")
        sleep(0.5)

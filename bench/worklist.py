"""The worklist of the largest commune's authority, the whole page, beside viewflow's inbox and queue and Django's admin.

    manage.py load_bench && manage.py bench worklist

Every page is asked for in process by the test client: all the middleware, the session, the rights, the templates. One process a site
and a database; the processes are asked in turn.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from bench import peers
from bench.measuring import ROOT, Line, at_least, at_most, middle, number, publish, quantile
from bench.visitor import Visitor

PATH = "/dossiers/"


def main() -> None:
    options = _options()
    load_small(options.small_dir)
    names = {"viewflow": peers.copy_for_viewflow(options.data_dir), "admin": peers.copy_for_admin(options.data_dir)}
    with ExitStack() as stack:

        def visitor(data_dir: Path, settings: str = "bench.settings", database: str = "") -> Visitor:
            return stack.enter_context(Visitor(data_dir, settings=settings, database=database))

        ours, small = visitor(options.data_dir), visitor(options.small_dir)
        stock = visitor(options.data_dir, "bench.peer", names["viewflow"])
        admin = visitor(options.data_dir, "bench.admin_peer", names["admin"])
        known = ours.ask("officer")
        for each in (ours, stock, admin):
            each.ask("sign_in", email=known["email"])
        small.ask("sign_in", email=small.ask("officer")["email"])
        pages = {
            "ours": (ours, PATH, 5), "small": (small, PATH, 5), "inbox": (stock, "/permis/inbox/", 1),
            "queue": (stock, "/permis/queue/", 1), "admin": (admin, "/admin/permis/application/", 1),
        }  # fmt: skip
        spent, sizes = in_turn(pages, options.rounds)
        # Afterwards, for they read so much that the others would be slower beside them.
        more = {"admin open": (admin, "/open/permis/application/", 1), "admin all": (admin, "/all/permis/application/", 1)}
        spent |= in_turn(more, 5)[0]
        seen = ours.ask("look", path=PATH)
    lines = table(known, spent, sizes, seen)
    slow = "\n".join(f"- {number(ms, 'ms', 2)} : `{' '.join(sql.split())[:160]}`" for ms, sql in seen["slowest"])
    publish("Liste de travail", "worklist", lines, after=f"Les requêtes les plus lentes de la page :\n\n{slow}")


def in_turn(pages: dict[str, tuple[Visitor, str, int]], rounds: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """The milliseconds of each page, round after round, and its weight in bytes; the first answers are not counted."""
    spent: dict[str, list[float]] = {name: [] for name in pages}
    sizes = {}
    for site, path, _ in pages.values():
        site.ask("get", path=path, times=3)  # warm up
    for _ in range(rounds):
        for name, (site, path, times) in pages.items():
            answer = site.ask("get", path=path, times=times)
            if answer["status"] != 200:
                sys.exit(f"{name} : {answer['status']}")
            spent[name] += answer["ms"]
            sizes[name] = answer["bytes"]
    return spent, sizes


def table(known: dict, spent: dict[str, list[float]], sizes: dict[str, int], seen: dict) -> list[Line]:
    half = {name: middle(values) for name, values in spent.items()}
    tail = {name: quantile(values, 0.95) for name, values in spent.items()}
    return [
        Line(
            "dossiers, dont dans la plus grande commune", f"{number(known['cases'], '', 0)}, {number(known['of_commune'], '', 0)}"
        ),
        Line("tâches ouvertes de sa collectivité", number(known["open"], "", 0)),
        at_most("page entière, médiane", half["ours"], 10, "ms"),
        Line("page entière, 95ᵉ centile", number(tail["ours"], "ms")),
        at_most("taille", sizes["ours"] / 1000, 40, "ko"),
        at_most("requêtes", seen["queries"], 6, "", digits=0),
        Line("base de données", number(seen["database_ms"], "ms", 2)),
        at_most("base de données, rapport au SQL nu", seen["database_ms"] / seen["bare_ms"], 1.5, "×", digits=2),
        at_most("95ᵉ centile, rapport à celui de 10 000 dossiers", tail["ours"] / tail["small"], 1.3, "×", digits=2),
        Line("boîte de viewflow, médiane", f"{number(half['inbox'], 'ms')}, {number(sizes['inbox'] / 1000, 'ko', 0)}"),
        at_least("boîte de viewflow ÷ la nôtre", half["inbox"] / half["ours"], 10, "×"),
        Line("file de viewflow, médiane", f"{number(half['queue'], 'ms')}, {number(sizes['queue'] / 1000, 'ko', 0)}"),
        at_least("file de viewflow ÷ la nôtre", half["queue"] / half["ours"], 100, "×"),
        Line("liste de l’admin de Django, médiane", f"{number(half['admin'], 'ms')}, {number(sizes['admin'] / 1000, 'ko', 0)}"),
        at_least("liste de l’admin ÷ la nôtre", half["admin"] / half["ours"], 25, "×"),
        *(
            Line(
                f"l’admin avec nos filtres et leurs comptes, {those}",
                f"{number(half[name], 'ms', 0)}, {number(half[name] / half['ours'], '×')}",
            )
            for name, those in {"admin open": "dossiers en cours", "admin all": "tous les dossiers de sa collectivité"}.items()
        ),
    ]


def load_small(folder: Path) -> None:
    """Ten thousand cases to compare with, loaded the first time."""
    if not folder.exists():
        command = [sys.executable, "-W", "ignore", "manage.py", "load_bench", "--cases", "10000", "--data-dir", str(folder)]
        subprocess.run(command, cwd=ROOT, check=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench worklist")
    parser.add_argument("--data-dir", type=lambda text: Path(text).absolute(), default=ROOT / ".bench")
    parser.add_argument("--small-dir", type=lambda text: Path(text).absolute(), default=ROOT / ".bench-10000")
    parser.add_argument("--rounds", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()

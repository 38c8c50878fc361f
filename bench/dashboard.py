"""The dashboard of the largest commune, beside the same figures counted over its cases.

manage.py load_bench && manage.py bench dashboard
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from bench.measuring import ROOT, Line, at_least, at_most, middle, number, publish, quantile
from bench.visitor import Visitor

ALL = "/tableau-de-bord/"


def main() -> None:
    options = _options()
    with ExitStack() as stack:
        ours = stack.enter_context(Visitor(options.data_dir))
        known = ours.ask("officer")
        ours.ask("fold")
        ours.ask("sign_in", email=known["manager"])
        pages = {"commune": f"{ALL}{known['commune']}/", "authority": ALL}
        spent: dict[str, list[float]] = {name: [] for name in [*pages, "live"]}
        sizes: dict[str, int] = {}
        for path in pages.values():
            ours.ask("get", path=path, times=3)  # warm up
        for place in range(options.rounds):
            for name, path in pages.items():
                answer = ours.ask("get", path=path, times=5)
                if answer["status"] != 200:
                    sys.exit(f"{path} : {answer['status']}")
                spent[name] += answer["ms"]
                sizes[name] = answer["bytes"]
            if place < 3:
                spent["live"].append(ours.ask("live", commune=known["commune"]))
        seen = {name: ours.ask("look", path=path) for name, path in pages.items()}
        behind = {path: middle(ours.ask("get", path=path, times=3)["ms"]) for path in ours.ask("figures", path=pages["commune"])}
    half = {name: middle(values) for name, values in spent.items()}
    lines = [
        Line("dossiers, dont dans la plus grande commune", f"{number(known['cases'], '', 0)}, {number(known['of_commune'], '', 0)}"),
        at_most("commune, page entière, médiane", half["commune"], 15, "ms"),
        Line("commune, page entière, 95ᵉ centile", number(quantile(spent["commune"], 0.95), "ms")),
        at_most("commune, base de données", seen["commune"]["database_ms"], 2, "ms", digits=2),
        Line("commune, requêtes, taille", f"{seen['commune']['queries']}, {number(sizes['commune'] / 1000, 'ko', 0)}"),
        Line("les mêmes chiffres comptés sur les dossiers", number(half["live"], "ms", 0)),
        at_least("comptés ÷ gardés (base de données)", half["live"] / seen["commune"]["database_ms"], 200, "×", digits=0),
        Line("dossiers d’un chiffre : pages, médiane, la plus lente", f"{len(behind)}, {number(middle(list(behind.values())), 'ms', 0)}, {number(max(behind.values()), 'ms', 0)}"),
        Line("collectivité, page entière, médiane", number(half["authority"], "ms")),
        Line("collectivité, base de données, requêtes", f"{number(seen['authority']['database_ms'], 'ms', 2)}, {seen['authority']['queries']}"),
    ]  # fmt: skip
    slow = "\n".join(f"- {number(ms, 'ms', 2)} : `{' '.join(sql.split())[:160]}`" for ms, sql in seen["commune"]["slowest"])
    publish("Tableau de bord", "dashboard", lines, after=f"Les requêtes les plus lentes de la page de la commune :\n\n{slow}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench dashboard")
    parser.add_argument("--data-dir", type=lambda text: Path(text).absolute(), default=ROOT / ".bench")
    parser.add_argument("--rounds", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""In what capacity a person signs which decision, on which day; and who else may, when they may not (CRPA L.212-1)."""

from __future__ import annotations

from datetime import date

from accounts.enums import Role
from accounts.models import SignaturePower, User
from documents.facts import Signatory
from documents.french import in_a_sentence, listing
from permis.enums import Outcome
from permis.models import Application, Sanction

_ACTS = {
    Outcome.GRANTED: "une autorisation",
    Outcome.CONDITIONAL: "une autorisation sous conditions",
    Outcome.REFUSED: "un refus",
}


class NoSignaturePower(Exception):
    """A signatory signs in a capacity, by office or by delegation, on that day, for that commune and such a decision."""

    def __init__(self, *, reason: str, able: list[str]) -> None:
        who = (
            f"Peuvent signer : {listing(able)}."
            if able
            else "Personne d’autre ne le peut : voyez l’administrateur de la collectivité."
        )
        super().__init__(f"{reason} {who}")


def signature_power(record: Application | Sanction, *, by: User, on: date, outcome: Outcome | str = "") -> SignaturePower:
    """The power by which a person signs such a decision of this case or sanction that day; without ``outcome``, any other act.

    One that holds in every circumstance comes before a replacement. Raises NoSignaturePower.
    """
    in_force = SignaturePower.objects.in_force(on).filter(authority=record.authority)
    covering = in_force.covering(commune=record.commune_id, regime=record.regime, outcome=outcome)
    power = covering.filter(user=by).order_by("rank", "-starts_on", "pk").first()
    if power is not None:
        power.user = by
        return power
    others = covering.filter(user__in=User.objects.members([record.authority_id], [Role.SIGNATORY]))
    able = [
        f"{each.user.full_name} ({in_a_sentence(each.capacity)}{', en cas d’absence' if each.is_replacement else ''})"
        for each in others.select_related("user").order_by("rank", "pk")
    ]
    raise NoSignaturePower(reason=_why_not(record, in_force.filter(user=by).exists(), outcome), able=able)


def signatory_by(power: SignaturePower) -> Signatory:
    """Who signs by this power, as an act says it: in what capacity, by what delegation, and whether in somebody's place."""
    return Signatory(power.user.full_name, power.capacity, power.delegation, replaces=power.is_replacement)


def _why_not(record: Application | Sanction, holds_another: bool, outcome: Outcome | str) -> str:
    if not holds_another:
        return "Votre pouvoir de signature n’est pas en vigueur aujourd’hui."
    what = _ACTS[Outcome(outcome)] if outcome else "cet acte"
    return f"Votre pouvoir de signature ne couvre pas {what} à {record.commune.name}."


def scope_of(power: SignaturePower) -> str:
    """« autorisation · Saint-Savin · en cas d’absence »; empty for a power over everything. Its communes are loaded."""
    parts = [
        ", ".join(str(Outcome(code).label).lower() for code in power.outcomes),
        ", ".join(power.regimes),
        listing(sorted(commune.name for commune in power.communes.all())),
        "en cas d’absence" if power.is_replacement else "",
    ]
    return " · ".join(part for part in parts if part)

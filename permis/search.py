"""The folded text by which a case is found: number, address, lessors and agent."""

from permis.models import Application
from territories.text import fold


def search_text(application: Application) -> str:
    """Everything an officer may type of a case, folded: « apml 033473 26 00042 12 rue de la gare saint savin duprat »."""
    dwelling = getattr(application, "dwelling", None)
    agent = getattr(application, "agent", None)
    parts = [application.number or "", application.commune.name, application.commune.insee]
    if dwelling is not None:
        parts += [dwelling.street_line, dwelling.postcode]
    parts += [f"{lessor.name} {lessor.email}" for lessor in application.lessors.all()]
    if agent is not None:
        parts.append(agent.name)
    return fold(" ".join(parts))

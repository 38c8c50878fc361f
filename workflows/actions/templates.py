"""Templates of the acts: what an authority adds or withholds, one version after another."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from documents import acts, specimens, tailoring
from documents.content import Content
from documents.enums import ActKind
from documents.mentions import MENTIONS
from documents.models import ActTemplate
from documents.tailoring import Template
from territories.models import Authority
from workflows import drafting
from workflows.guards import require_permission


@transaction.atomic
def save_template(authority: Authority, *, kind: ActKind, template: Template, by: User) -> ActTemplate:
    """Enregistrer une version d’un modèle d’acte ; les actes déjà faits n’en changent pas. Raises MentionMissing."""
    require_permission(by.has_role(Role.ADMINISTRATOR, in_=authority))
    require_permission(kind in MENTIONS)
    Authority.objects.select_for_update(of=("self",), no_key=True).get(pk=authority.pk)
    tailoring.require_mentions(kind, specimens.contents()[kind], template)
    last = acts.template_of(authority, kind)
    if last is not None and last.changes == template.as_data():
        return last
    number = 1 if last is None else last.number + 1
    return ActTemplate.objects.create(authority=authority, kind=kind, number=number, changes=template.as_data(), made_by=by)


def specimen(authority: Authority, kind: ActKind, template: Template) -> Content:
    """The act about a flat that does not exist, under the authority’s own letterhead, as this template makes it."""
    known = replace(specimens.contents()[kind], letterhead=drafting.letterhead_of(authority))
    return tailoring.tailored(known, template)

"""The life of an act: frozen as data, rendered once, previewed, sealed, stored, never made again."""

from __future__ import annotations

from datetime import date, datetime

from documents import holding, rendering, sealing, storage, tailoring
from documents.content import Content
from documents.enums import ActKind
from documents.holding import Owner
from documents.models import Act, ActTemplate
from documents.tasks import render_act
from territories.models import Authority


class PreviewChanged(Exception):
    """The draft is no longer what the signatory was shown; it must be read again."""

    def __init__(self) -> None:
        super().__init__("Le projet a changé depuis votre aperçu. Relisez-le avant de le signer.")


class ActNotReady(Exception):
    """An act whose PDF is wanted while its job still renders it; a minute later it is there."""

    def __init__(self, act: Act) -> None:
        super().__init__(f"Un document est encore en préparation ({act}). Réessayez dans une minute.")


def freeze(owner: Owner, kind: ActKind, content: Content, *, on: date) -> Act:
    """Issue a letter or a receipt: its content is frozen in this transaction, a job renders it within a minute."""
    content = _as_the_authority_has_it(owner.authority, kind, content)
    act = Act.objects.create(
        **holding.by(owner),
        kind=kind,
        content=content.as_data(),
        fingerprint=rendering.fingerprint(kind, content),
        issued_on=on,
    )
    render_act.defer(act_id=act.pk)
    return act


def preview(owner: Owner, kind: ActKind, content: Content) -> Act:
    """Render a decision for its signatory; the same content gives the same act again, and nothing is issued."""
    content = _as_the_authority_has_it(owner.authority, kind, content)
    fingerprint = rendering.fingerprint(kind, content)
    drafts = owner.acts.filter(kind=kind, fingerprint=fingerprint, issued_on__isnull=True, sealed_at__isnull=True)
    if (known := drafts.exclude(preview_sha256="").first()) is not None:
        return known
    pdf = rendering.render(content.as_data())
    act = Act(
        **holding.by(owner),
        kind=kind,
        content=content.as_data(),
        fingerprint=fingerprint,
        preview_sha256=storage.sha256_of(pdf),
    )
    storage.put_bytes(act.key, pdf)
    act.save(force_insert=True)
    return act


def seal(act: Act, *, name: str, reason: str, at: datetime) -> Act:
    """Seal the very bytes that were previewed and store them; slow, so done before the case is locked. Saves nothing."""
    with storage.open_stored(act) as stored:
        sealed = sealing.seal(stored.read(), reason=reason, name=name)
    act.sha256, act.sealed_at = storage.sha256_of(sealed), at
    storage.put_bytes(act.key, sealed)
    return act


def adopt(owner: Owner, kind: ActKind, scan: bytes) -> Act:
    """Take a decision signed outside the software: its scan is hashed, stored, and becomes the act. Saves nothing."""
    sha256 = storage.sha256_of(scan)
    act = Act(**holding.by(owner), kind=kind, fingerprint=sha256, sha256=sha256)
    storage.put_bytes(act.key, scan)
    return act


def issue(act: Act, *, content: Content | None = None, on: date) -> Act:
    """Make the act take its place in its case or sanction; refused when the draft changed since it was previewed."""
    if content is not None:
        kind = ActKind(act.kind)
        if act.fingerprint != rendering.fingerprint(kind, _as_the_authority_has_it(act.authority, kind, content)):
            raise PreviewChanged
    act.issued_on = on
    act.save(update_fields=None if act._state.adding else ["sha256", "sealed_at", "issued_on"])
    return act


def template_of(authority: Authority, kind: ActKind) -> ActTemplate | None:
    """The version of its template that an authority uses now."""
    return ActTemplate.objects.filter(authority=authority, kind=kind).order_by("number").last()


def _as_the_authority_has_it(authority: Authority, kind: ActKind, content: Content) -> Content:
    template = template_of(authority, kind)
    return content if template is None else tailoring.tailored(content, tailoring.Template.of(template.changes))

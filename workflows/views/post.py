"""The post of a day: what to print, the slips, then what was posted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.enums import Role
from documents.binding import BindingFailed
from notifications.models import Posting
from permis.validators import spaced_tracking_number
from territories.models import Authority
from territories.text import row_keys
from workflows import letters, post
from workflows.actions import posting
from workflows.forms.notification import PostForm
from workflows.post import Envelope
from workflows.views.base import ANSWERS
from workflows.views.downloads import pdf
from workflows.views.screens import FormScreen, RoleScreen

RECENT = 20


class PostRights(RoleScreen):
    """Screens of the post: for who reviews cases, of their authorities alone."""

    roles = (Role.OFFICER, Role.MANAGER)

    @property
    def authority(self) -> Authority:
        """The one whose name and day are on the papers: the first of the person’s."""
        return self.served[0]

    def envelopes(self) -> list[Envelope]:
        """All that waits, or only the letters named in the address of the page."""
        found = post.waiting(self.held)
        chosen = set(row_keys(self.request.GET.getlist("pli")))
        return post.envelopes([letter for letter in found if not chosen or letter.act.pk in chosen])


class PostView(PostRights, FormScreen):
    """Écran « Courrier du jour »."""

    template_name = "workflows/post.html"
    form_class = PostForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.found: list[Envelope] = []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.found = self.envelopes()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.found = self.envelopes()
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        listed = [(letter.act.pk, letter.is_registered) for envelope in self.found for letter in envelope.letters]
        return {**super().get_form_kwargs(), "letters": listed, "today": self.authority.today()}

    def form_valid(self, form: PostForm) -> HttpResponse:
        acts = {letter.act.pk: letter.act for envelope in self.found for letter in envelope.letters}
        given = {acts[key]: number for key, number in form.cleaned_data["posted"].items()}
        posted_on: date = form.cleaned_data["posted_on"]
        try:
            done = posting.mark_posted(given, posted_on=posted_on, by=self.request.user, on=self.authority.today())
        except ANSWERS as answer:
            form.add_error(None, str(answer))
            return self.form_invalid(form)
        many = f"{len(done)} plis sont notés comme postés" if len(done) > 1 else "Un pli est noté comme posté"
        messages.success(self.request, f"{many} le {posted_on:%d/%m/%Y}.")
        return redirect("post")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or self.get_form()
        recent = (
            Posting.objects.visible_to(self.request.user).select_related("act__application", "by").order_by("-posted_on", "-pk")
        )
        return super().get_context_data(
            **kwargs | {"form": form},
            rows=[(envelope, [_row(form, letter) for letter in envelope.letters]) for envelope in self.found],
            registered=sum(envelope.is_registered for envelope in self.found),
            being_rendered=post.being_rendered(self.held),
            limit=post.LIMIT if sum(len(envelope.letters) for envelope in self.found) >= post.LIMIT else 0,
            recent=[(each, spaced_tracking_number(each.tracking_number)) for each in recent[:RECENT]],
            today=self.authority.today(),
        )


class PostPdfView(PostRights):
    """Le PDF du jour, à imprimer ; « recto-verso » commence chaque pli sur une feuille."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        found = self.envelopes()
        if not found:
            return _nothing(request)
        on = self.authority.today()
        try:
            content = post.bound(found, duplex="recto-verso" in request.GET, on=on)
        except BindingFailed as failure:
            messages.error(request, str(failure))
            return redirect("post")
        return pdf(content, f"courrier-{on:%Y-%m-%d}.pdf")


class SlipsView(PostRights):
    """Les bordereaux des recommandés du jour : ce que l’on colle au dehors ne dit pas ce que le pli décide."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        registered = [
            (list(envelope.recipient), str(letter.act.application), "")
            for envelope in self.envelopes()
            for letter in envelope.letters
            if letter.is_registered
        ]
        if not registered:
            return _nothing(request)
        on = self.authority.today()
        return pdf(letters.slips(self.authority, registered, on=on), f"bordereaux-{on:%Y-%m-%d}.pdf")


def _nothing(request: HttpRequest) -> HttpResponse:
    messages.warning(request, "Rien à imprimer : ces plis sont déjà postés, ou aucun n’attend.")
    return redirect("post")


def _row(form: PostForm, letter: post.Letter) -> tuple[post.Letter, Any, Any]:
    """A letter with its box to tick and the field of its number."""
    return letter, form[f"post_{letter.act.pk}"], form[f"number_{letter.act.pk}"] if letter.is_registered else None

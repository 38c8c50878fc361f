"""Settings: the templates of the acts, shown as the act itself, changed by blocks, previewed, kept version after version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from documents import acts, rendering, specimens, tailoring
from documents.enums import ActKind
from documents.mentions import MENTIONS
from documents.models import ActTemplate
from documents.tailoring import MentionMissing, Template
from workflows.actions import templates
from workflows.forms.fields import with_one_more
from workflows.forms.templates import AdditionFormSet, WithheldForm, template_of
from workflows.views.administration import SettingsView
from workflows.views.downloads import pdf


class TemplatesView(SettingsView):
    """Écran « Modèles d’actes »."""

    template_name = "workflows/settings_templates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions: dict[str, ActTemplate] = {}
        for each in ActTemplate.objects.filter(authority=self.authority).select_related("made_by").order_by("number"):
            versions[each.kind] = each
        return super().get_context_data(rows=[(kind, versions.get(kind)) for kind in MENTIONS], **kwargs)


class TemplateView(SettingsView):
    """Écran d’un modèle : les parties de l’acte, celles que la loi exige, les ajouts de la collectivité."""

    template_name = "workflows/settings_template.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if kwargs["kind"] not in MENTIONS:
            raise Http404
        self.kind = ActKind(kwargs["kind"])
        self.specimen = specimens.contents()[self.kind]
        self.sections = tailoring.sections(self.specimen)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = self.known()
        initial = [vars(each) for each in known.added]
        additions = self.additions(initial=initial)
        withheld = self.withheld(initial={"withheld": sorted(known.withheld)})
        return self.render_to_response(self.get_context_data(additions=additions, withheld=withheld))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        withheld = self.withheld(request.POST)
        if "add" in request.POST:
            more = self.additions(with_one_more(request.POST, "added"))
            return self.render_to_response(self.get_context_data(additions=more, withheld=withheld))
        additions = self.additions(request.POST)
        if not (additions.is_valid() & withheld.is_valid()):
            return self.render_to_response(self.get_context_data(additions=additions, withheld=withheld), status=422)
        template = template_of(additions, withheld)
        if "preview" in request.POST:
            return self.preview(template)
        try:
            saved = templates.save_template(self.authority, kind=self.kind, template=template, by=self.request.user)
        except MentionMissing as obstacle:
            withheld.add_error("withheld", str(obstacle))
            return self.render_to_response(self.get_context_data(additions=additions, withheld=withheld), status=422)
        messages.success(request, f"La version {saved.number} du modèle est enregistrée. Elle vaut pour les actes à venir.")
        return redirect(f"{reverse('settings-templates')}?collectivite={self.authority.pk}")

    def preview(self, template: Template) -> HttpResponse:
        """The specimen as a draft, which no one can take for an act."""
        content = templates.specimen(self.authority, self.kind, template)
        return pdf(rendering.render(content.as_data(), draft=True), f"modele-{self.kind}.pdf")

    def known(self) -> Template:
        last = acts.template_of(self.authority, self.kind)
        return Template() if last is None else Template.of(last.changes)

    def additions(self, data: Any = None, initial: Any = None) -> Any:
        return AdditionFormSet(data, prefix="added", initial=initial, form_kwargs={"sections": self.sections})

    def withheld(self, data: Any = None, initial: Any = None) -> WithheldForm:
        return WithheldForm(data, sections=self.sections[1:], initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = ActTemplate.objects.filter(authority=self.authority, kind=self.kind).select_related("made_by")
        return super().get_context_data(
            act=self.kind,
            sections=self.sections,
            locked=tailoring.locked(self.kind, self.specimen),
            mentions=MENTIONS[self.kind],
            versions=list(versions.order_by("-number")),
            **kwargs,
        )

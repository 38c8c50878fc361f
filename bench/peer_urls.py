"""A visit as one task of viewflow's interface: a form of eight answers and a note, as a tutorial would write it."""

from django import forms
from django.http import HttpResponse
from django.urls import path
from viewflow import this
from viewflow.contrib.auth import AuthViewset
from viewflow.urls import Application, Site
from viewflow.workflow import flow
from viewflow.workflow.flow import FlowAppViewset, FlowViewset, views
from viewflow.workflow.models import Process, Task

from accounts.models import User
from bench.stock import StockFlow

ANSWERS = [("c", "Conforme"), ("n", "Non conforme"), ("s", "Sans objet"), ("v", "Non vérifiable")]


class VisitForm(forms.ModelForm):
    note = forms.CharField(widget=forms.Textarea, required=False)

    class Meta:
        model = Process
        fields: list[str] = []


for place in range(8):
    VisitForm.base_fields[f"item_{place}"] = forms.ChoiceField(choices=ANSWERS, widget=forms.RadioSelect)


class VisitFlow(flow.Flow):
    process_class = Process

    start = flow.StartHandle().Next(this.visit)
    visit = flow.View(views.UpdateProcessView.as_view(form_class=VisitForm)).Next(this.end)
    end = flow.End()


# Its pages ask for the permissions of django.contrib.auth, which ours do without.
User.has_perm = lambda *_, **__: True  # type: ignore[attr-defined]
User.is_staff = User.is_superuser = True  # type: ignore[attr-defined]


def new_task(user: int) -> str:
    """The address of a new task of this person."""
    VisitFlow.start.run()
    task = Task.objects.latest("pk")
    with task.activation() as activation:
        activation.assign(User.objects.get(pk=user))
    return f"/visites/visit/{task.process_id}/visit/{task.pk}/execute/"


site = Site(
    title="Visites",
    viewsets=[
        Application(title="Visites", app_name="visites", viewsets=[FlowViewset(VisitFlow, icon="home")]),
        FlowAppViewset(StockFlow, title="Permis", app_name="permis", icon="home"),
    ],
)

urlpatterns = [
    path("health/live", lambda _request: HttpResponse()),
    path("accounts/", AuthViewset(with_profile_view=False).urls),
    path("", site.urls),
]

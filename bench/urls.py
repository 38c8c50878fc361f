"""The site's own addresses, and an ordinary Django form that takes eight files."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from workflows.forms.files import ManyFilesField, ManyFilesInput


class PlainForm(forms.Form):
    upload = ManyFilesField(widget=ManyFilesInput)


@csrf_exempt
@login_required
def plain(request: HttpRequest, place: str) -> HttpResponse:
    """What a model's FileField does with each file: validate, then save to its storage."""
    form = PlainForm(request.POST, request.FILES)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422)
    storage: Any = storages["default" if place == "s3" else "plain"]
    names = [storage.save(f"plain/{upload.name}", upload) for upload in form.cleaned_data["upload"]]
    return HttpResponse("\n".join(names), status=201)


urlpatterns = [path("bench/<str:place>/", plain), path("", include("config.urls"))]

"""The addresses that messages link to, without the pages behind them."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest, pk: int) -> HttpResponse:
    raise NotImplementedError


urlpatterns = [
    path("dossiers/<int:pk>/", page, name="case"),
    path("mes-demandes/<int:pk>/", page, name="application"),
    path("connexion/", include("allauth.account.urls")),
]

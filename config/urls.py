"""Every address of the site."""

from django.conf import settings
from django.urls import include, path

from config import views

urlpatterns = [
    path("", include("workflows.urls")),
    path("", include("accounts.urls")),
    path("health/live", views.live, name="live"),
    path("accessibilite/", views.accessibility, name="accessibility"),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/courriels/", views.demo_mails, name="demo-mails"),
        path("demo/courriels/<str:name>/", views.demo_mail, name="demo-mail"),
    ]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

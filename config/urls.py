"""Every address of the site."""

from django.conf import settings
from django.urls import include, path

from config import views
from config.demo import components
from config.demo import views as demo

urlpatterns = [
    path("", include("workflows.urls")),
    path("", include("accounts.urls")),
    path("", include("documents.urls")),
    path("", include("inspections.urls")),
    path("health/live", views.live, name="live"),
    path("accessibilite/", views.accessibility, name="accessibility"),
]
if settings.DEMO:
    urlpatterns += [
        path("composants/", components.gallery, name="components"),
        path("demo/courriels/", demo.mails, name="demo-mails"),
        path("demo/courriels/<slug:name>/", demo.mail, name="demo-mail"),
        path("demo/courriels/<slug:name>/<int:index>/", demo.mail_attachment, name="demo-mail-attachment"),
    ]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

"""Addresses of the phone with which visits are made, and of the page where a person erases one from afar."""

from django.urls import path

from inspections import phone, views

urlpatterns = [
    path("sw.js", phone.worker, name="phone-worker"),
    path("visites/telephone/", phone.phone, name="phone"),
    path("visites/telephone/manifest.webmanifest", phone.manifest, name="phone-manifest"),
    path("visites/telephone/journee/", views.DayView.as_view(), name="phone-day"),
    path("visites/<int:pk>/saisie/", views.EntriesView.as_view(), name="phone-entries"),
    path("visites/<int:pk>/photos/<uuid:photo>/", views.PhotoView.as_view(), name="phone-photo"),
    path("visites/telephones/", views.DeviceList.as_view(), name="device-list"),
    path("visites/telephones/<uuid:pk>/effacer/", views.RevokeDeviceView.as_view(), name="device-revoke"),
]

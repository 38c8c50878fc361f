"""Addresses of what a phone asks and sends, and of the page where a person erases one from afar."""

from django.urls import path

from inspections import views

urlpatterns = [
    path("visites/telephone/journee/", views.DayView.as_view(), name="phone-day"),
    path("visites/<int:pk>/saisie/", views.EntriesView.as_view(), name="phone-entries"),
    path("visites/<int:pk>/photos/<uuid:photo>/", views.PhotoView.as_view(), name="phone-photo"),
    path("visites/telephones/", views.DeviceList.as_view(), name="device-list"),
    path("visites/telephones/<uuid:pk>/effacer/", views.RevokeDeviceView.as_view(), name="device-revoke"),
]

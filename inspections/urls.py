"""Addresses of the phone with which visits are made."""

from django.urls import path

from inspections import phone

urlpatterns = [
    path("sw.js", phone.worker, name="phone-worker"),
    path("visites/telephone/", phone.phone, name="phone"),
    path("visites/telephone/manifest.webmanifest", phone.manifest, name="phone-manifest"),
]

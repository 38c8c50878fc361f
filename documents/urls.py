"""Addresses of the bytes on disk; files themselves are asked for at `workflows`, which knows who may."""

from django.urls import path

from documents import views

urlpatterns = [
    path("fichiers/deposer/<str:token>/", views.put, name="file-put"),
    path("fichiers/lire/<str:token>/", views.get, name="file-get"),
]

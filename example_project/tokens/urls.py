"""URLs of the endpoints; mounted at ``/api/token/``."""

from __future__ import annotations

from django.urls import path

from tokens.views import LoginView, LogoutView, RefreshView

app_name = "tokens"

urlpatterns = [
    path("", LoginView.as_view(), name="login"),
    path("refresh/", RefreshView.as_view(), name="refresh"),
    path("logout/", LogoutView.as_view(), name="logout"),
]

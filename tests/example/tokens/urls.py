"""The endpoints of the example's tokens, and a view that only an access token opens."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from tokens.authentication import BearerAuthentication


class WhoAmI(APIView):
    """Who is asking."""

    authentication_classes = (BearerAuthentication,)
    permission_classes = (IsAuthenticated,)

    def get(self, request: Request) -> Response:
        return Response({"username": request.user.get_username()})


urlpatterns = [path("api/token/", include("tokens.urls")), path("who-am-i/", WhoAmI.as_view())]

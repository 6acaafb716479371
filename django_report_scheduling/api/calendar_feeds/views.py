"""Calendar feeds: list, set up, renew and delete one's own."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.access.visibility import own_calendar_feeds
from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.calendar_feeds.schema import described
from django_report_scheduling.api.calendar_feeds.serializers import CalendarFeedSerializer
from django_report_scheduling.api.empty_bodies import require_empty
from django_report_scheduling.api.filters import StrictFilters
from django_report_scheduling.api.permissions import person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.models import CalendarFeed
from django_report_scheduling.models.calendar_feed import CalendarFeedQuerySet
from django_report_scheduling.services.calendar_feeds.feeds import (
    create_calendar_feed,
    delete_calendar_feed,
    renew_calendar_feed,
)
from django_report_scheduling.services.clock import database_now


@described
class CalendarFeedViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    """The calendar feeds of the person who asks."""

    queryset = CalendarFeed.objects.none()
    serializer_class = CalendarFeedSerializer
    filter_backends = (StrictFilters,)

    def get_queryset(self) -> CalendarFeedQuerySet:
        """Return the person's own; those of others are not found."""
        return own_calendar_feeds(person(self.request)).select_related("account")

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Let nobody on the way keep an address: it is a key."""
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one feed."""
        require_known(request, ())
        return super().retrieve(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Set up a feed of an account whose reports you may see, or of all of them. You can have one of each."""
        require_known(request, ())
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        account = serializer.validated_data["account"]
        feed = create_calendar_feed(
            account_id=None if account is None else account.pk, actor=person(request), now=database_now()
        )
        location = self.reverse_action("detail", args=[feed.pk])
        answer = self.get_serializer(feed).data
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": location})

    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """Give the feed another address; the one before is of no use from now on."""
        feed = self.get_object()
        require_known(request, ())
        require_empty(request)
        renew_calendar_feed(feed_id=feed.pk, actor=person(request), now=database_now())
        return Response(self.get_serializer(self.get_object()).data)  # read anew: with a look at the role

    def destroy(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Delete a feed; its address is of no use from now on."""
        require_known(request, ())
        delete_calendar_feed(feed_id=self.get_object().pk, actor=person(request), now=database_now())
        return Response(status=status.HTTP_204_NO_CONTENT)

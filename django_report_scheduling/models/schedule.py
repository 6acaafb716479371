"""When a report is due, what it is, for which account, and to whom it goes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.timezone import now as current_time
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import get_account_model_string
from django_report_scheduling.choices import Frequency, MisfirePolicy, ScheduleState, Weekday
from django_report_scheduling.models.querysets import Follows, LockingQuerySet, RowOf
from django_report_scheduling.models.timestamped import TimestampedModel
from django_report_scheduling.models.validators import validate_timezone
from django_report_scheduling.recurrence import Recurrence, next_slot


def default_formats() -> list[str]:
    """Return the formats of a schedule that names none. Migrations name this function."""
    return ["pdf"]


class Place(NamedTuple):
    """Where a schedule stands in the order in which schedules fall due."""

    next_run_at: dt.datetime
    pk: uuid.UUID


class ReportScheduleQuerySet(LockingQuerySet["ReportSchedule"]):
    """Schedules."""

    def due(self, *, now: dt.datetime, since: Place | None = None) -> Self:
        """The active schedules whose next slot has come, oldest first.

        :param now: aware.
        :param since: leaves out everything up to this place in their order.
        """
        due = self.filter(state=ScheduleState.ACTIVE, next_run_at__lte=now).order_by("next_run_at", "pk")
        if since is None:
            return due
        place = RowOf(Value(since.next_run_at, models.DateTimeField()), Value(since.pk, models.UUIDField()))
        return due.filter(Follows(RowOf("next_run_at", "pk"), place), next_run_at__gte=since.next_run_at)


class ReportSchedule(TimestampedModel):
    """A recurring report of one account."""

    account = models.ForeignKey(
        get_account_model_string(),
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="report_schedules",
        help_text=_("The customer the report is about."),
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("What people call this schedule."))
    report_type = models.CharField(_("report type"), max_length=64, help_text=_("Key of a registered report type."))
    parameters = models.JSONField(
        _("parameters"), default=dict, blank=True, help_text=_("Parameters, as the report type defines them.")
    )
    formats = models.JSONField(
        _("formats"), default=default_formats, help_text=_('File formats to make, e.g. ["pdf", "xlsx"].')
    )
    frequency = models.CharField(
        _("frequency"), max_length=16, choices=Frequency.choices, help_text=_("How often the report falls due.")
    )
    day_of_week = models.SmallIntegerField(
        _("day of the week"),
        null=True,
        blank=True,
        choices=Weekday.choices,
        help_text=_("For weekly reports: 0 is Monday, 6 is Sunday."),
    )
    day_of_month = models.SmallIntegerField(
        _("day of the month"),
        null=True,
        blank=True,
        help_text=_("For monthly and quarterly reports: 1 to 28, or -1 for the last day."),
    )
    time_of_day = models.TimeField(_("time of day"), help_text=_("Local time at which the report falls due."))
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_timezone],
        help_text=_("IANA time zone of the schedule, e.g. Europe/Berlin."),
    )
    recurrence = models.CharField(
        _("recurrence rule"),
        max_length=500,
        blank=True,
        help_text=_("For custom schedules: an RFC 5545 RRULE, e.g. FREQ=WEEKLY;BYDAY=MO,TH."),
    )
    starts_at = models.DateTimeField(
        _("starts at"), default=current_time, help_text=_("No report falls due before this moment.")
    )
    ends_at = models.DateTimeField(
        _("ends at"), null=True, blank=True, help_text=_("No report falls due after this moment.")
    )
    recipients = models.JSONField(
        _("recipients"), default=list, blank=True, help_text=_("Mail addresses that receive the report.")
    )
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ScheduleState.choices,
        default=ScheduleState.ACTIVE,
        help_text=_("Only active schedules run."),
    )
    active = models.GeneratedField(
        expression=models.Case(
            models.When(state=ScheduleState.ACTIVE, then=models.Value(value=True)), default=models.Value(value=False)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("active"),
        help_text=_("Whether the schedule runs; follows from its state."),
    )
    state_reason = models.CharField(
        _("reason"), max_length=200, blank=True, help_text=_("Why the schedule is in this state.")
    )
    misfire_policy = models.CharField(
        _("misfire policy"),
        max_length=16,
        choices=MisfirePolicy.choices,
        default=MisfirePolicy.LATEST,
        help_text=_("What happens to reports that came due while nothing was running."),
    )
    misfire_grace = models.DurationField(
        _("misfire grace"),
        default=dt.timedelta(hours=1),
        help_text=_("How late a report may start and still count as on time."),
    )
    next_run_at = models.DateTimeField(
        _("next run"), null=True, blank=True, editable=False, help_text=_("The next due slot.")
    )
    last_run_at = models.DateTimeField(
        _("last run"), null=True, blank=True, editable=False, help_text=_("When a report of it last finished.")
    )
    consecutive_failures = models.PositiveSmallIntegerField(
        _("consecutive failures"), default=0, editable=False, help_text=_("Failed reports since the last good one.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who set the schedule up and is told when it stops."),
    )
    ownerless = models.BooleanField(
        _("ownerless"),
        default=False,
        editable=False,
        help_text=_("Set up by the system; without this, a schedule whose owner is gone is paused."),
    )

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("report schedule")
        verbose_name_plural = _("report schedules")
        permissions: ClassVar = [("administer_reports", _("Can administer the reports of all accounts"))]
        indexes: ClassVar = [
            models.Index(fields=["next_run_at", "id"], name="rs_schedule_due", condition=Q(state="active")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ScheduleState.values), name="rs_schedule_state"),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(next_run_at__isnull=False), name="rs_schedule_active_has_next_run"
            ),
            models.CheckConstraint(
                condition=Q(frequency="weekly", day_of_week__isnull=False, day_of_week__range=(0, 6))
                | (~Q(frequency="weekly") & Q(day_of_week__isnull=True)),
                name="rs_schedule_day_of_week",
            ),
            models.CheckConstraint(
                condition=(
                    Q(frequency__in=("monthly", "quarterly"), day_of_month__isnull=False)
                    & (Q(day_of_month__range=(1, 28)) | Q(day_of_month=-1))
                )
                | (~Q(frequency__in=("monthly", "quarterly")) & Q(day_of_month__isnull=True)),
                name="rs_schedule_day_of_month",
            ),
            models.CheckConstraint(
                condition=(Q(frequency="custom") & ~Q(recurrence=""))
                | (Q(frequency__in=("daily", "weekly", "monthly", "quarterly")) & Q(recurrence="")),
                name="rs_schedule_recurrence",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")), name="rs_schedule_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(misfire_policy__in=MisfirePolicy.values), name="rs_schedule_misfire_policy"
            ),
            models.CheckConstraint(condition=Q(misfire_grace__gte=dt.timedelta(0)), name="rs_schedule_misfire_grace"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new active schedule without a next run gets the first one after now.

        So that a row made outside the services (in a shell, a test) is never one that silently does not run.

        A new row without an owner is the system's, so that it differs from one whose owner was deleted.

        :raises InvalidRecurrence: a new row's rule is not valid.
        """
        if self._state.adding and self.created_by_id is None:
            self.ownerless = True
        if self._state.adding and self.state == ScheduleState.ACTIVE and self.next_run_at is None:
            self.next_run_at = next_slot(self.as_recurrence(), after=current_time())
            if self.next_run_at is None:
                self.state = ScheduleState.ENDED
        super().save(*args, **kwargs)

    @property
    def place(self) -> Place | None:
        """Where it stands in the order in which schedules fall due; ``None`` when it does not."""
        return None if self.next_run_at is None else Place(self.next_run_at, self.pk)

    def as_recurrence(self) -> Recurrence:
        """Return the rule by which this schedule falls due, as a plain value.

        :raises InvalidRecurrence: the row holds a rule that is not valid (any more).
        """
        return Recurrence(
            frequency=self.frequency,  # type: ignore[arg-type]  # what is none is refused inside, with a message
            timezone=self.timezone,
            time_of_day=self.time_of_day,
            day_of_week=self.day_of_week,
            day_of_month=self.day_of_month,
            rule=self.recurrence,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )

"""Setting schedules up, changing and deleting them."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack, cast

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import CancelReason, ScheduleState
from django_report_scheduling.exceptions import ValidationFailed, WrongState
from django_report_scheduling.models import AbstractAccount, ReportSchedule
from django_report_scheduling.recurrence import next_slot
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.authority import require_manager
from django_report_scheduling.services.cancellation import cancel_live_reports
from django_report_scheduling.services.expansion import expand_schedule
from django_report_scheduling.services.recipients.asking import ask_new_recipients, recipients_to_ask
from django_report_scheduling.services.schedule_limit import hold_room, lock_account, require_room
from django_report_scheduling.services.schedule_states import tell_state
from django_report_scheduling.services.schedule_validation import clean_schedule
from django_report_scheduling.services.zone_changes import slot_after_zone_change


class ScheduleFields(TypedDict, total=False):
    """What may be set on a schedule; everything else is the system's."""

    name: str
    report_type: str
    parameters: dict[str, Any]
    formats: list[str]
    frequency: str
    day_of_week: int | None
    day_of_month: int | None
    time_of_day: dt.time
    timezone: str
    recurrence: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    recipients: list[str]
    misfire_policy: str
    misfire_grace: dt.timedelta


TIMING_FIELDS: Final = frozenset(
    {"frequency", "day_of_week", "day_of_month", "time_of_day", "timezone", "recurrence", "starts_at", "ends_at"}
)

MAX_UPDATE_ATTEMPTS: Final = 5


def create_schedule(
    *, account: AbstractAccount, actor: AbstractUser | None, now: dt.datetime, **fields: Unpack[ScheduleFields]
) -> ReportSchedule:
    """Set up a schedule.

    :param actor: becomes the owner; ``None`` for set-up by the system.
    :param now: aware; the first slot is the first one after it.
    :raises ValidationFailed: with all messages by field; nothing is stored.
    :raises NotPermitted: the actor does not manage the account, at the moment of writing.
    :raises LimitReached: the account has as many schedules as it may have.
    """
    _require_known(fields)
    owner = cast("Any", actor)
    schedule = ReportSchedule(account=cast("Any", account), created_by=owner, **{"starts_at": now, **fields})
    clean_schedule(schedule)
    _plan_next_run(schedule, now=now)
    external = recipients_to_ask(account, schedule.recipients)
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        lock_account(account.pk)
        require_manager(actor, account.pk)
        require_room(account)
        schedule.save(force_insert=True)
        record("schedule.created", schedule, at=now, actor=actor)
        ask_new_recipients(account_id=account.pk, addresses=external, actor=actor, now=now)
    return schedule


def update_schedule(
    *, schedule_id: Any, actor: AbstractUser | None, now: dt.datetime, **changes: Unpack[ScheduleFields]
) -> ReportSchedule:
    """Change a schedule; a change of its timing plans its next run anew, strictly after ``now``.

    A slot that has come already keeps its report under the old timing. Where nothing but the zone changes, the next
    run reports on the same calendar days as the one that was planned, so that it may be due at once. The checks, which
    may ask a host's recipient policy, run before the row is locked; when somebody else changed it meanwhile they run
    again.

    :raises ReportSchedule.DoesNotExist: there is no such schedule.
    :raises ValidationFailed: with all messages by field; nothing is stored.
    :raises NotPermitted: the actor does not manage its account, at the moment of writing.
    :raises LimitReached: the schedule had ended and its account has no room to let it go on.
    :raises WrongState: others keep changing the schedule at this very moment.
    """
    _require_known(changes)
    for _attempt in range(MAX_UPDATE_ATTEMPTS):
        seen = ReportSchedule.objects.fresh().select_related("account").get(pk=schedule_id)
        wanted = copy.copy(seen)
        for name, value in changes.items():
            setattr(wanted, name, value)
        clean_schedule(wanted)
        external = recipients_to_ask(wanted.account, wanted.recipients) if "recipients" in changes else []
        updated = _apply(seen, wanted, changes=changes, external=external, actor=actor, now=now)
        if updated is not None:
            return updated
    raise WrongState(_("Somebody else is changing this schedule at this moment. Try again."))


def _apply(
    seen: ReportSchedule,
    wanted: ReportSchedule,
    *,
    changes: ScheduleFields,
    external: Sequence[str],
    actor: AbstractUser | None,
    now: dt.datetime,
) -> ReportSchedule | None:
    """Store what was checked, or nothing (``None``) when the row is no longer the one that was seen."""
    changed = sorted(name for name in changes if getattr(wanted, name) != getattr(seen, name))
    new_timing = bool(TIMING_FIELDS.intersection(changed))
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        schedule = ReportSchedule.objects.locked().get(pk=seen.pk)
        if _checked_values(schedule) != _checked_values(seen):
            return None
        require_manager(actor, schedule.account_id)
        if not changed:
            return schedule  # nothing to tell: the record says what changed, not who asked
        if new_timing and schedule.state == ScheduleState.ENDED:
            hold_room(schedule.account)
        if new_timing and schedule.state == ScheduleState.ACTIVE and cast("dt.datetime", schedule.next_run_at) <= now:
            expand_schedule(schedule, now=now)
        state, before = schedule.state, copy.copy(schedule)
        for name in ScheduleFields.__annotations__:
            setattr(schedule, name, getattr(wanted, name))
        if new_timing and state == ScheduleState.ACTIVE and TIMING_FIELDS.intersection(changed) == {"timezone"}:
            _move_to_zone(schedule, before, now=now)
        elif new_timing and state in {ScheduleState.ACTIVE, ScheduleState.ENDED}:
            _plan_next_run(schedule, now=now)
        schedule.save()
        record("schedule.updated", schedule, at=now, actor=actor, data={"fields": changed})
        ask_new_recipients(account_id=schedule.account_id, addresses=external, actor=actor, now=now)
        if schedule.state != state:
            tell_state(schedule, actor=actor, now=now)
        schedule.refresh_from_db(fields=["active"])  # Django 5.2 reads generated columns back only after an INSERT
    return schedule


def delete_schedule(*, schedule_id: Any, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Delete a schedule; its finished reports stay, its unfinished ones are cancelled and nothing more is sent.

    :raises ReportSchedule.DoesNotExist: there is no such schedule.
    :raises NotPermitted: the actor does not manage its account, at the moment of writing.
    """
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        # Not locked(): deleting takes the key away, so nothing may come to refer to it meanwhile.
        schedule = ReportSchedule.objects.select_for_update().get(pk=schedule_id)
        require_manager(actor, schedule.account_id)
        cancel_live_reports(schedule=schedule, actor=actor, now=now, reason=CancelReason.SCHEDULE_DELETED)
        record("schedule.deleted", schedule, at=now, actor=actor)
        schedule.delete()


def _require_known(fields: Mapping[str, object]) -> None:
    unknown = set(fields) - set(ScheduleFields.__annotations__)
    if unknown:
        raise ValidationFailed({name: [_("This field cannot be changed.")] for name in sorted(unknown)})


def _checked_values(schedule: ReportSchedule) -> list[Any]:
    """Everything of the row that the checks depend on."""
    return [schedule.account_id, *(getattr(schedule, name) for name in ScheduleFields.__annotations__)]


def _move_to_zone(schedule: ReportSchedule, before: ReportSchedule, *, now: dt.datetime) -> None:
    waiting_for = cast("dt.datetime", before.next_run_at)
    slot = slot_after_zone_change(before.as_recurrence(), schedule.as_recurrence(), waiting_for=waiting_for, now=now)
    _wait_for(schedule, slot)


def _plan_next_run(schedule: ReportSchedule, *, now: dt.datetime) -> None:
    _wait_for(schedule, next_slot(schedule.as_recurrence(), after=now))


def _wait_for(schedule: ReportSchedule, slot: dt.datetime | None) -> None:
    schedule.next_run_at = slot
    if schedule.next_run_at is None:
        raise ValidationFailed({"ends_at": [_("The schedule would never run: no slot lies between now and its end.")]})
    schedule.state = ScheduleState.ACTIVE
    schedule.state_reason = ""

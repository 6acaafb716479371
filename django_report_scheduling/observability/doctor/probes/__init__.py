"""The probes, one file per part, in the order in which a report needs the parts."""

from __future__ import annotations

from typing import Final

from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.probes.accounts import AccountsProbe
from django_report_scheduling.observability.doctor.probes.backlog import BacklogProbe
from django_report_scheduling.observability.doctor.probes.beat import BeatProbe
from django_report_scheduling.observability.doctor.probes.broker import BrokerProbe
from django_report_scheduling.observability.doctor.probes.celery_app import CeleryAppProbe
from django_report_scheduling.observability.doctor.probes.channels import ChannelsProbe
from django_report_scheduling.observability.doctor.probes.clock import ClockProbe
from django_report_scheduling.observability.doctor.probes.database import DatabaseProbe
from django_report_scheduling.observability.doctor.probes.due import DueProbe
from django_report_scheduling.observability.doctor.probes.fonts import FontsProbe
from django_report_scheduling.observability.doctor.probes.mail import MailProbe
from django_report_scheduling.observability.doctor.probes.migrations import MigrationsProbe
from django_report_scheduling.observability.doctor.probes.pdf import PdfProbe
from django_report_scheduling.observability.doctor.probes.renderers import RenderersProbe
from django_report_scheduling.observability.doctor.probes.report_types import ReportTypesProbe
from django_report_scheduling.observability.doctor.probes.schedules import SchedulesProbe
from django_report_scheduling.observability.doctor.probes.settings import SettingsProbe
from django_report_scheduling.observability.doctor.probes.sqlite import SqliteProbe
from django_report_scheduling.observability.doctor.probes.storage import StorageProbe
from django_report_scheduling.observability.doctor.probes.worker import WorkerProbe

PROBES: Final[tuple[type[Probe], ...]] = (
    SettingsProbe,
    DatabaseProbe,
    MigrationsProbe,
    SqliteProbe,
    ClockProbe,
    CeleryAppProbe,
    BrokerProbe,
    WorkerProbe,
    BeatProbe,
    StorageProbe,
    ChannelsProbe,
    MailProbe,
    RenderersProbe,
    PdfProbe,
    FontsProbe,
    ReportTypesProbe,
    SchedulesProbe,
    AccountsProbe,
    DueProbe,
    BacklogProbe,
)
"""Every probe; one that requires a part comes after it."""

"""System checks: every setting that is wrong is named at start-up, with the fix.

Importing this package registers them. All carry the tag ``report_scheduling``, none touches the database.
"""

from __future__ import annotations

from typing import Final

from django.core.checks import register

from django_report_scheduling.checks.account_model import check_account_model
from django_report_scheduling.checks.base_url import check_base_url, check_base_url_given
from django_report_scheduling.checks.calendars import check_calendar_library
from django_report_scheduling.checks.environment import check_sqlite, check_time_zone_support
from django_report_scheduling.checks.external_recipients import check_external_recipients
from django_report_scheduling.checks.object_storage import check_object_storage, check_object_storage_acl
from django_report_scheduling.checks.plugins import check_plugins, check_recipient_policy, check_report_types
from django_report_scheduling.checks.queues import check_queues
from django_report_scheduling.checks.relations import check_relations
from django_report_scheduling.checks.storage import check_public_storage, check_storage_alias
from django_report_scheduling.checks.unknown_settings import check_unknown_settings
from django_report_scheduling.checks.values import check_values
from django_report_scheduling.checks.webhooks import check_webhook_libraries
from django_report_scheduling.observability.doctor.shared_with_checks import ALL_CHECKS_TAG, SETTINGS_CHECKS_TAG

ALWAYS: Final = (
    check_unknown_settings,
    check_values,
    check_relations,
    check_queues,
    check_storage_alias,
    check_object_storage_acl,
    check_base_url,
    check_recipient_policy,
    check_external_recipients,
    check_account_model,
    check_time_zone_support,
    check_sqlite,
    check_webhook_libraries,
    check_calendar_library,
)
"""Checks of the settings, made before each command."""

ON_DEPLOY: Final = (check_base_url_given, check_public_storage, check_object_storage)
"""Checks of the settings that matter in production only: ``manage.py check --deploy``."""

OF_PLUGINS: Final = (check_plugins, check_report_types)
"""Checks that plug-ins make of themselves; doctor asks each plug-in in a part of its own."""

for _check in ALWAYS:
    register(_check, ALL_CHECKS_TAG, SETTINGS_CHECKS_TAG)
for _check in ON_DEPLOY:
    register(_check, ALL_CHECKS_TAG, SETTINGS_CHECKS_TAG, deploy=True)
for _check in OF_PLUGINS:
    register(_check, ALL_CHECKS_TAG)

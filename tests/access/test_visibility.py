"""What one person may see, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from pytest_django import DjangoAssertNumQueries

from django_report_scheduling.access.roles import grant, is_administrator, revoke
from django_report_scheduling.access.visibility import (
    managed_among,
    visible_files,
    visible_reports,
    visible_schedules,
)
from django_report_scheduling.choices import Role, Trigger
from django_report_scheduling.models import ReportFile
from tests.factories import AccountFactory, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = pytest.mark.django_db


def with_role(account: Any, role: Role = Role.CLIENT) -> Any:
    user = UserFactory()
    grant(account=account, holder=user, role=role)
    return user


def file_of(report: Any) -> ReportFile:
    return ReportFile.objects.create(
        report=report, format="pdf", key=f"{report.pk}", name="r.pdf", content_type="application/pdf", size=1, sha256=""
    )


@pytest.mark.parametrize("role", [Role.CLIENT, Role.ACCOUNT_MANAGER])
def test_rows_of_the_own_accounts_are_seen_and_no_others(role: Role) -> None:
    report, foreign = GeneratedReportFactory.create_batch(2)
    file, _foreign_file = file_of(report), file_of(foreign)
    user = with_role(report.account, role)

    assert list(visible_schedules(user)) == [report.schedule]
    assert list(visible_reports(user)) == [report]
    assert list(visible_files(user)) == [file]


def test_a_role_through_a_group_and_in_person_shows_a_row_once() -> None:
    report = GeneratedReportFactory()
    file_of(report)
    user, group = with_role(report.account), Group.objects.create(name="Group")
    user.groups.add(group)
    grant(account=report.account, holder=group, role=Role.CLIENT)

    assert visible_schedules(user).count() == visible_reports(user).count() == visible_files(user).count() == 1


def test_administrators_see_the_rows_of_every_account() -> None:
    GeneratedReportFactory.create_batch(2)

    assert visible_schedules(UserFactory(is_superuser=True)).count() == 2


@pytest.mark.parametrize("inactive", [{"is_active": False}, {"is_active": False, "is_superuser": True}])
def test_the_deactivated_see_nothing(inactive: dict[str, bool]) -> None:
    report = GeneratedReportFactory(trigger=Trigger.PREVIEW)
    user = UserFactory(**inactive)
    grant(account=report.account, holder=user, role=Role.ACCOUNT_MANAGER)

    assert not visible_schedules(user)
    assert not visible_reports(user)


def test_somebody_who_is_not_logged_in_sees_nothing_not_even_previews_of_nobody() -> None:
    GeneratedReportFactory(trigger=Trigger.PREVIEW, requested_by=None)

    assert not visible_reports(AnonymousUser())
    assert not visible_schedules(AnonymousUser())


def test_a_role_that_is_taken_hides_at_once() -> None:
    report = GeneratedReportFactory()
    user = with_role(report.account)
    assert visible_reports(user)

    revoke(account=report.account, holder=user)

    assert not visible_reports(user)


def test_a_preview_is_its_requesters_alone() -> None:
    account = AccountFactory()
    requester, colleague = with_role(account, Role.ACCOUNT_MANAGER), with_role(account, Role.ACCOUNT_MANAGER)
    administrator = UserFactory(is_superuser=True)
    preview = GeneratedReportFactory(
        schedule=ReportScheduleFactory(account=account), trigger=Trigger.PREVIEW, requested_by=requester
    )
    file_of(preview)

    seen_by = {
        user.pk: (visible_reports(user).count(), visible_files(user).count())
        for user in (requester, colleague, administrator)
    }

    assert seen_by == {requester.pk: (1, 1), colleague.pk: (0, 0), administrator.pk: (0, 0)}


def test_a_preview_is_hidden_from_its_requester_once_the_role_is_gone() -> None:
    preview = GeneratedReportFactory(trigger=Trigger.PREVIEW, requested_by=UserFactory())

    assert not visible_reports(preview.requested_by)


def test_a_preview_whose_requester_was_deleted_is_nobodys() -> None:
    GeneratedReportFactory(trigger=Trigger.PREVIEW, requested_by=None)

    assert not visible_reports(UserFactory(is_superuser=True))


def test_what_somebody_asked_for_that_is_no_preview_is_seen_by_all() -> None:
    report = GeneratedReportFactory(trigger=Trigger.MANUAL, requested_by=UserFactory())

    assert list(visible_reports(with_role(report.account))) == [report]


def test_of_many_accounts_the_managed_ones_are_told_with_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    managed, seen, foreign = AccountFactory.create_batch(3)
    user = with_role(managed, Role.ACCOUNT_MANAGER)
    grant(account=seen, holder=user, role=Role.CLIENT)
    is_administrator(user)  # asked once per request

    with django_assert_num_queries(1):
        assert managed_among(user, [managed.pk, seen.pk, foreign.pk, managed.pk]) == {managed.pk}
    with django_assert_num_queries(0):
        assert managed_among(user, []) == frozenset()

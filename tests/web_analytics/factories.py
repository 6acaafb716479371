"""Rows for tests."""

from __future__ import annotations

from typing import Any

import factory

from django_report_scheduling.contrib.web_analytics.models import Goal
from tests.factories import AccountFactory


class GoalFactory(factory.django.DjangoModelFactory[Goal]):
    class Meta:
        model = Goal

    account: Any = factory.SubFactory(AccountFactory)
    key = factory.Sequence(lambda number: f"goal-{number}")
    name = factory.LazyAttribute(lambda goal: goal.key.title())
    path_pattern = "/done"
    position = factory.Sequence(lambda number: number)

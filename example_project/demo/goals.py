"""What the conversion report counts as a success."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from demo.log_file import LogFile
from django_report_scheduling.contrib.web_analytics.models import Goal, Hit
from django_report_scheduling.models import AbstractAccount

SHIPPED_GOALS = (
    ("project", "Looks at a project", "/projects/*"),
    ("documentation", "Reads the manual of xdotool", "/projects/xdotool/xdotool.xhtml*"),
)
POPULAR_PAGES = 2
PATH_LIMIT = 200


def ensure_goals(*, account: AbstractAccount, log: LogFile) -> None:
    """Give an account that has no goals some that its log can reach; goals that are there stay."""
    if Goal.objects.filter(account=account).exists():
        return
    goals = SHIPPED_GOALS if log.shipped else tuple(_goals_for(account))
    Goal.objects.bulk_create(
        Goal(account=account, key=key, name=name, path_pattern=pattern, position=position)
        for position, (key, name, pattern) in enumerate(goals, start=1)
    )


def _goals_for(account: AbstractAccount) -> Iterator[tuple[str, str, str]]:
    """Any page at all, then the pages that people look at most."""
    yield "any-page", "Looks at any page", "/*"
    pages = (
        Hit.objects.filter(site__account=account, page_view=True)
        .exclude(page__path__contains="*")
        .exclude(page__path__regex=r"[\s?#]")
        .exclude(page__path="/")
        .filter(page__path__startswith="/")
        .values_list("page__path")
        .annotate(views=Count("pk"))
        .order_by("-views", "page__path")
    )
    short = (path for path, _views in pages[: POPULAR_PAGES * 5] if len(path) <= PATH_LIMIT)
    for number, path in enumerate(short, start=1):
        yield f"popular-{number}", f"Opens {path}"[:100], path
        if number == POPULAR_PAGES:
            return

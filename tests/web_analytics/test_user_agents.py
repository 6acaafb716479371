from __future__ import annotations

import pytest

from django_report_scheduling.contrib.web_analytics.models import ClientKind
from django_report_scheduling.contrib.web_analytics.user_agents import FAMILY_LIMIT, recognise, skeleton
from tests.web_analytics.log_lines import CHROME, FIREFOX, GOOGLEBOT


@pytest.mark.parametrize(
    ("user_agent", "kind", "family"),
    [
        (FIREFOX, ClientKind.BROWSER, "Firefox"),
        (CHROME, ClientKind.BROWSER, "Chrome"),
        (GOOGLEBOT, ClientKind.BOT, "Googlebot"),
        ("curl/8.5.0", ClientKind.BOT, "curl"),
        ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)", ClientKind.BOT, "Feedly"),
        ("Mozilla/5.0 (X11) Firefox/3.6 (FlipboardProxy/1.1; +http://flipboard.com)", ClientKind.BOT, "FlipboardProxy"),
        ("LumiBot 2.0", ClientKind.BOT, "LumiBot"),
        ("UniversalFeedParser/4.2 +http://feedparser.org/", ClientKind.PROGRAM, "UniversalFeedParser"),
        ("Chef Client/10.18.2 (ruby-1.9.3-p327)", ClientKind.PROGRAM, "Chef"),
        ("Mozilla/4.0 (compatible;)", ClientKind.UNIDENTIFIED, "Mozilla"),
        ("Mozilla/5.0", ClientKind.UNIDENTIFIED, "Mozilla"),
    ],
)
def test_recognises_browsers_bots_and_the_rest(user_agent: str, kind: ClientKind, family: str) -> None:
    client = recognise(user_agent)

    assert (client.kind, client.family) == (kind, family)


def test_an_endless_user_agent_has_a_short_family() -> None:
    assert len(recognise("x" * 100_000).family) == FAMILY_LIMIT


def test_versions_do_not_make_another_client() -> None:
    assert skeleton(FIREFOX) == skeleton(FIREFOX.replace("128.0", "131.0.1"))
    assert skeleton(FIREFOX) != skeleton(CHROME)

"""How to call the API from a shell: two lines that work as they are printed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator


def api_call(*, url: str, username: str, password: str) -> Iterator[str]:
    """Yield the lines: the first gets a short-lived access token, the second lists the schedules.

    :param url: of the web server, with a slash at its end.
    """
    login = shlex.join(["--data-urlencode", f"username={username}", "--data-urlencode", f"password={password}"])
    yield f"TOKEN=$(curl -s {url}api/token/ {login} | cut -d'\"' -f4)"
    yield f'curl -H "Authorization: Bearer $TOKEN" {url}api/v1/report-schedules/'

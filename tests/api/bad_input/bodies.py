"""Bodies that are no input, and values that no field takes; each with the reason in its id."""

from __future__ import annotations

import gzip
from typing import Any

VALID_REST = b', "report_type": "sample", "frequency": "daily", "time_of_day": "08:00"}'

UNREADABLE: dict[str, bytes] = {
    "cut off": b'{"name": "a"',
    "nothing but a brace": b"{",
    "something after the end": b'{"name": "a"}}',
    "two documents": b'{"name": "a"} {"name": "b"}',
    "single quotes": b"{'name': 'a'}",
    "a trailing comma": b'{"name": "a",}',
    "a comment": b'{"name": "a" /* b */}',
    "blanks": b"   ",
    "a byte order mark": b'\xef\xbb\xbf{"name": "a"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "UTF-32": '{"name": "a"}'.encode("utf-32"),
    "Latin-1": '{"name": "é"}'.encode("latin-1"),
    "overlong UTF-8": b'{"name": "\xc0\x80"}',
    "a surrogate in UTF-8": b'{"name": "\xed\xa0\x80"}',
    "a raw NUL": b'{"name": "a\x00b"}',
    "a raw line break in a string": b'{"name": "a\nb"}',
    "an escaped NUL": b'{"name": "a\\u0000b"}',
    "an escaped NUL inside of parameters": b'{"parameters": {"rows": ["\\u0000"]}}',
    "an escaped NUL as a name": b'{"parameters": {"\\u0000": 1}}',
    "an escaped NUL as the name of a field": b'{"\\u0000": 1}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a lone surrogate as a name": b'{"parameters": {"\\udfff": 1}}',
    "surrogates in the wrong order": b'{"name": "\\udc00\\ud800"}',
    "a name twice": b'{"name": "a", "name": "b"}',
    "a name twice, once escaped": b'{"name": "a", "n\\u0061me": "b"}',
    "a name twice, deep inside": b'{"name": "a", "parameters": {"x": [{"y": 1, "y": 2}]}}',
    "NaN": b'{"misfire_grace": NaN}',
    "Infinity": b'{"misfire_grace": Infinity}',
    "-Infinity": b'{"misfire_grace": -Infinity}',
    "1e999": b'{"misfire_grace": 1e999}',
    "-1e999 inside of parameters": b'{"parameters": {"rows": -1e999}}',
    "5,000 digits": b'{"misfire_grace": ' + b"9" * 5000 + b"}",
    "a number in hexadecimal": b'{"day_of_week": 0x1}',
    "a number with leading zeros": b'{"day_of_week": 01}',
    "100,000 brackets": b"[" * 100_000 + b"]" * 100_000,
    "100,000 open brackets": b"[" * 100_000,
    "30,000 objects in each other": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    "brackets in parameters": b'{"parameters": {"rows": ' + b"[" * 90_000 + b"]" * 90_000 + b"}}",
    "a list": b'[{"name": "a"}]',
    "an empty list": b"[]",
    "null": b"null",
    "text": b'"name"',
    "a number": b"7",
    "true": b"true",
    "a form": b"name=a&frequency=daily",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "YAML": b"name: a",
    "a pickle": b"\x80\x04K\x01.",
    "gzip": gzip.compress(b'{"name": "a"}', mtime=0),
}

CUSTOMER = "customer.alpha.example"

WRONG_VALUES: dict[str, list[Any]] = {
    "name": [7, None, True, [], {}, "", "  ", "x" * 201, "a\nb", "a\rb", "a\u2028b", "a\u0085b", "a\x1bb"],
    "report_type": [7, None, "", "nonsense", "SAMPLE", "x" * 10_000, ["sample"], {"key": "sample"}],
    "parameters": [
        7, "x", None, [], [["rows", 2]], {"rows": 0}, {"rows": "many"}, {"rows": 1e308}, {"rows": {"a": 1}},
        {"rows": [1]}, {"rows": 10**39}, {"nonsense": 1}, {"__class__": 1}, {"rows": "x" * 17_000},
        {f"p{number}": 1 for number in range(101)},
    ],
    "formats": [7, None, "json", {}, [], {"json": 1}, ["docx"], ["../json"], [7], [None], [["json"]], ["json"] * 11],
    "frequency": [7, None, "", "hourly", "WEEKLY", ["weekly"], "x" * 10_000],
    "day_of_week": ["0", 7, -1, 1.5, True, 10**30, -(10**30), None, [0]],
    "day_of_month": [1, 0, 29, 31, -2, "1", 10**30, 1.0],
    "time_of_day": [800, None, "", "8", "25:00", "24:00", "08:60", "08:00:60", "08:00+01:00", "08:00Z", "٠٨:٠٠"],
    "timezone": [
        7, None, "", "Mars/Olympus_Mons", "europe/berlin", "UTC+1", "../../../etc/passwd",
        "/etc/localtime", "localtime", "x" * 10_000, ["UTC"],
    ],
    "recurrence": [7, "FREQ=DAILY", "x" * 501, ["FREQ=DAILY"]],
    "starts_at": [
        0, None, "", "yesterday", "2026-03-02", "2026-03-02T08:00:00", "2026-02-30T00:00:00Z", 1e308,
        "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2026-03-02T08:00:00+99:00", "2026-W10-1T08:00:00Z",
    ],
    "ends_at": [0, "", "never", "2020-01-01T00:00:00Z", "2026-03-02T08:00:00", "9999-12-31T23:59:59-23:59"],
    "recipients": [
        7, None, "client@customer.alpha.example", {}, {"0": "a"}, [7], [None], [[]], [""], ["nonsense"],
        [f"a@{CUSTOMER}, c@{CUSTOMER}"], [f"a@{CUSTOMER};c@{CUSTOMER}"], [f"A <a@{CUSTOMER}>"], [f"a: b@{CUSTOMER};"],
        [f"a@{CUSTOMER}\nBcc: c@{CUSTOMER}"], [f"@c.example:a@{CUSTOMER}"], ["a@localhost"],
        ["a@[127.0.0.1]"], [f"{'x' * 300}@{CUSTOMER}"], ["x" * 10_000], ["stranger@elsewhere.example"],
        [f"a@sub.{CUSTOMER}"], [f"a@{CUSTOMER}.evil.example"],
        [f"reader{number}@{CUSTOMER}" for number in range(51)], [f"r{number}@b.example" for number in range(10_000)],
    ],
    "misfire_policy": [7, None, "", "never", ["latest"]],
    "misfire_grace": [-1, "PT1H", "3600", 1.5, True, None, 10**12, 10**39, [1]],
}  # fmt: skip
"""By field, what it does not take. The schedule is weekly, so that a day of the month or a rule is wrong in it."""

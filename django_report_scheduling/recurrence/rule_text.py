"""From the text of an RRULE to a rule, with every fault explained at once."""

from __future__ import annotations

from django.utils.translation import gettext as _

from django_report_scheduling.recurrence.quoting import shown
from django_report_scheduling.recurrence.rule import Rule, RuleError
from django_report_scheduling.recurrence.rule_limits import conflicts
from django_report_scheduling.recurrence.rule_parts import READERS

MAX_LENGTH = 500
EXAMPLE = "FREQ=WEEKLY;BYDAY=MO,TH"
OTHER_PROPERTIES = ("DTSTART", "DTEND", "EXDATE", "EXRULE", "RDATE")


def parse_rule(text: str) -> Rule:
    """Read one RFC 5545 recurrence rule, with or without the leading ``RRULE:``; case does not matter.

    Stricter than many parsers: what RFC 5545 says a rule MUST NOT have is refused rather than interpreted.

    :raises RuleError: with a message for each part that is unknown, repeated, out of range or in conflict with another.
    """
    if not text.strip():
        raise RuleError([_("Give a recurrence rule, for example %(example)s.") % {"example": EXAMPLE}])
    if len(text) > MAX_LENGTH:
        message = _("The rule has %(length)d characters; at most %(limit)d are allowed. Example: %(example)s.")
        raise RuleError([message % {"length": len(text), "limit": MAX_LENGTH, "example": EXAMPLE}])
    body = text.strip().upper()
    for name in OTHER_PROPERTIES:
        if name in body:
            message = _(
                "“%(name)s” cannot be part of the rule: the start and the end of a schedule have fields of their own, "
                "and single dates cannot be added or left out. Give the RRULE alone, for example %(example)s."
            )
            raise RuleError([message % {"name": name, "example": EXAMPLE}])
    if len(body.splitlines()) > 1:
        raise RuleError([_("Give one rule on a single line, for example %(example)s.") % {"example": EXAMPLE}])
    return _rule_of(body.removeprefix("RRULE:").rstrip(";").split(";"))


def _rule_of(parts: list[str]) -> Rule:
    values: dict[str, object] = {}
    messages: list[str] = []
    seen: set[str] = set()
    for part in parts:
        name, _equals, value = (piece.strip() for piece in part.partition("="))
        if name in seen:
            messages.append(_("“%(part)s”: %(name)s is given twice.") % {"part": shown(part), "name": name})
        seen.add(name)
        try:
            values |= _read_part(part, name, value)
        except RuleError as fault:
            messages += fault.messages
    if "FREQ" not in seen:
        message = _("The rule has no FREQ, which says how often it repeats. Example: %(example)s.")
        messages.append(message % {"example": EXAMPLE})
    if messages:
        raise RuleError(messages)
    rule = Rule(**values)  # type: ignore[arg-type]  # each reader returns the type of its own field
    if messages := conflicts(rule, seen):
        raise RuleError(messages)
    return rule


def _read_part(part: str, name: str, value: str) -> dict[str, object]:
    if name not in READERS:
        message = _("“%(part)s” is not understood: parts are NAME=VALUE, separated by “;”, with the names %(names)s.")
        raise RuleError([message % {"part": shown(part), "names": ", ".join(READERS)}])
    field, read, explanation = READERS[name]
    result = read(value)
    if result is None:
        message = _("“%(part)s” is not valid: %(explanation)s")
        raise RuleError([message % {"part": shown(part), "explanation": explanation}])
    return {field: result}

"""Alias → plug-in instance, for every family of plug-ins, in the shape of Django's own ``CACHES`` and ``STORAGES``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar, cast

from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from django_report_scheduling.conf import SETTINGS_NAME
from django_report_scheduling.exceptions import InvalidPlugin, UnknownPlugin

T = TypeVar("T")


class PluginHandler(Generic[T]):
    """Builds the plug-ins of one family on first use, from ``{alias: {"BACKEND": path, "OPTIONS": {...}}}``.

    :param setting: name of the key, for error texts.
    :param base: the (abstract) class that every plug-in of the family inherits from.
    :param configured: returns the live setting.
    """

    def __init__(
        self, *, setting: str, base: Callable[..., T], configured: Callable[[], Mapping[str, Mapping[str, Any]]]
    ) -> None:
        self._setting = setting
        self._base = cast("type[T]", base)
        self._configured = configured
        self._built: dict[str, T] = {}
        setting_changed.connect(self._forget)

    def __getitem__(self, alias: str) -> T:
        """Return the plug-in of this alias.

        :raises UnknownPlugin: the alias is not configured.
        :raises InvalidPlugin: its ``BACKEND`` cannot be imported, is of the wrong family, is not finished, or refuses
            its options.
        """
        if alias not in self._built:
            self._built[alias] = self._build(alias)
        return self._built[alias]

    def __iter__(self) -> Iterator[str]:
        return iter(self._configured())

    def __contains__(self, alias: object) -> bool:
        return alias in self._configured()

    def _build(self, alias: str) -> T:
        where = f"{SETTINGS_NAME}[{self._setting!r}]"
        configured = self._configured()
        if alias not in configured:
            msg = f"{where} has no {alias!r}; configured are: {', '.join(configured) or 'none'}."
            raise UnknownPlugin(msg)
        entry = configured[alias]
        if not isinstance(entry, Mapping):
            msg = f'{where}[{alias!r}] must be {{"BACKEND": "dotted.path", "OPTIONS": {{...}}}}, got {entry!r}.'
            raise InvalidPlugin(msg)
        path = entry.get("BACKEND", "")
        plugin_class = self._imported(path, f"{where}[{alias!r}]['BACKEND'] is {path!r}, which")
        try:
            return plugin_class(**entry.get("OPTIONS", {}))
        except (TypeError, ValueError) as error:
            msg = f"{where}[{alias!r}]['OPTIONS'] does not fit {path!r}: {error}"
            raise InvalidPlugin(msg) from error

    def _imported(self, path: object, what: str) -> type[T]:
        if not isinstance(path, str):
            msg = f"{what} is not a dotted path."
            raise InvalidPlugin(msg)
        try:
            plugin_class = import_string(path)
        except ImportError as error:
            msg = f"{what} cannot be imported: {error}"
            raise InvalidPlugin(msg) from error
        if not (isinstance(plugin_class, type) and issubclass(plugin_class, self._base)):
            msg = f"{what} is not a {self._base.__name__}."
            raise InvalidPlugin(msg)
        if missing := ", ".join(sorted(getattr(plugin_class, "__abstractmethods__", ()))):
            msg = f"{what} lacks {missing}: write it in the class."
            raise InvalidPlugin(msg)
        return plugin_class

    def _forget(self, *, setting: str, **_kwargs: Any) -> None:
        if setting == SETTINGS_NAME:
            self._built.clear()

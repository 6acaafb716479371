"""Serializers as components: one for what is sent, one for what is answered, each saying only what is true of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.drainage import get_override
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, append_meta, is_list_serializer
from rest_framework.serializers import (
    CharField,
    ChoiceField,
    ModelSerializer,
    MultipleChoiceField,
    SerializerMethodField,
)

from django_report_scheduling.api.schema.namespace import component_name
from django_report_scheduling.api.schema.vocabularies import described, vocabulary_of

Schema = dict[str, Any]


class ComponentSchema(AutoSchema):
    """Does for our views what a host would have to ask for with settings that hold for all of its own, too."""

    def component(self, name: str, schema: Schema, kind: str = ResolvedComponent.SCHEMA) -> Schema:
        """Register a component that stands for no serializer, and return a reference to it."""
        component = ResolvedComponent(name=name, type=kind, schema=schema, object=name)  # type: ignore[no-untyped-call]  # annotated in part
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def _get_serializer_name(self, serializer: Any, direction: str, bypass_extensions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002  # the framework's signature
        if is_list_serializer(serializer):
            return self._get_serializer_name(serializer.child, direction)
        name = component_name(type(serializer).__name__.removesuffix("Serializer"))
        if direction == "response":
            return name
        return f"{'Patched' if serializer.partial else ''}{name}Request"

    def _postprocess_serializer_schema(self, schema: Schema, serializer: Any, direction: str) -> Schema:
        properties: dict[str, Schema] = schema.get("properties", {})
        if direction == "response":
            shown = {name: part for name, part in properties.items() if not part.get("writeOnly")}
            return schema | {
                "properties": {name: _answered(part) for name, part in shown.items()},
                "required": [*shown],
            }
        sent = {name: part for name, part in properties.items() if not part.get("readOnly")}
        required = [] if serializer.partial else [name for name in schema.get("required", []) if name in sent]
        return (
            {name: part for name, part in schema.items() if name != "required"}
            | {"properties": sent, "additionalProperties": False}
            | ({"required": required} if required else {})
        )

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Any:  # noqa: FBT001, FBT002  # as above
        if isinstance(field, SerializerMethodField):
            answer = get_override(getattr(field.parent, str(field.method_name)), "field")
            if isinstance(answer, ChoiceField):
                return append_meta(self._choice(answer, owner=field), self._get_serializer_field_meta(field, direction))
        if isinstance(field, ChoiceField) and not isinstance(field, MultipleChoiceField):
            return append_meta(self._choice(field, owner=field), self._get_serializer_field_meta(field, direction))
        return super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]  # as above

    def _choice(self, field: ChoiceField, *, owner: Any) -> Schema:
        """Refer to what the field may hold: one of our vocabularies, or one that only this field has."""
        name = type(owner.parent).__name__.removesuffix("Serializer") + str(owner.field_name).title().replace("_", "")
        schema = self.component(*described(vocabulary_of(field.choices) or (name, field.choices.items())))
        return {"oneOf": [schema, {"type": "string", "maxLength": 0}]} if _may_be_blank(field) else schema

    def _get_serializer_field_meta(self, field: Any, direction: str) -> Schema:
        meta: Schema = super()._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call]  # as above
        if direction == "request" and isinstance(field, CharField) and not field.allow_blank:
            meta["minLength"] = 1
        return meta


def _answered(part: Schema) -> Schema:
    """Return the part without what only concerns somebody who sends it."""
    return {name: value for name, value in part.items() if name not in {"readOnly", "default", "minLength"}}


def _may_be_blank(field: Any) -> bool:
    """Ask the model too: the framework does not tell a field that is only read."""
    if field.allow_blank or not isinstance(field.parent, ModelSerializer):
        return bool(field.allow_blank)
    model: Any = field.parent.Meta.model
    columns = {column.name: column for column in model._meta.concrete_fields}
    return field.source in columns and columns[field.source].blank

"""A table row as plain values."""

from typing import Any

from django.db.models import Model


def values_of(row: Model) -> dict[str, Any]:
    """Every column by its name, but for keys: those mean something in this database alone."""
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.is_relation
    }

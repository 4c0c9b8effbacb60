"""The mapping of a OneRoster upload as a form shows it: one place for each field."""

from collections.abc import Mapping
from dataclasses import asdict

from cersgroups.sources import mapping as source_mapping


def read_places(text: str) -> dict[str, str]:
    """The place of each field in a mapping's TOML text; blank: found by counting. Raises RequestStop if it is wrong."""
    return {field: place or "" for field, place in asdict(source_mapping.from_toml(text)).items()}


def write_places(places: Mapping[str, str]) -> str:
    """The TOML text of a mapping with these places. Raises RequestStop for a field or place that cannot be."""
    mapping = source_mapping.Mapping()
    for field, place in places.items():
        if place:
            mapping = source_mapping.with_place(mapping, field, place)
    text = source_mapping.to_toml(mapping)
    source_mapping.from_toml(text)
    return text

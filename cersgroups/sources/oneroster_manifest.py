"""manifest.csv: which version an export has, and whether each file is bulk, delta or absent."""

from cersgroups.core.error import DataStop
from cersgroups.sources.oneroster_export import Export
from cersgroups.sources.oneroster_layout import COLUMNS, NEEDED_FILES, READ_FILES, WANTED_FILES, Version


def read_manifest(export: Export) -> None:
    """Set the export's version and compare the manifest with the files.

    Raises DataStop for another version, for a delta file that is needed, and for a needed file that is missing.
    """
    properties = _properties(export)
    said = properties.get("oneroster.version", "")
    if not said:
        export.tally.add("oneroster_manifest_missing", "manifest.csv")
    export.version = _version(export, said) if said else _guess(export)
    for name in READ_FILES:
        _compare(export, name, properties.get(f"file.{name}".casefold(), "").casefold())
    for name in NEEDED_FILES:
        if not export.has(name):
            raise DataStop(f"{export.archive.path}: {name}.csv is missing. Ask the source for a full export.")
    for name in WANTED_FILES:
        if not export.has(name):
            export.tally.add("oneroster_file_missing", name + ".csv")


def _properties(export: Export) -> dict[str, str]:
    if not export.has("manifest"):
        return {}
    file = export.open("manifest", export.tally)
    if not (file.has("propertyName") and file.has("value")):
        raise file.stop("the header must be propertyName,value. Ask the source for a OneRoster manifest.", 1)
    return {name.casefold(): value for name, value in file.select(("propertyName", "value"))}


def _version(export: Export, said: str) -> Version:
    for version in COLUMNS:
        if said == version or said.startswith(version + "."):
            return version
    raise DataStop(
        f"{export.archive.path}: manifest.csv says OneRoster {said!r}. Ask the source for version 1.1 or 1.2 CSV."
    )


def _guess(export: Export) -> Version:
    if export.has("roles"):
        return "1.2"
    has_role = export.has("users") and "role" in (column.casefold() for column in export.header("users"))
    return "1.1" if has_role else "1.2"


def _compare(export: Export, name: str, state: str) -> None:
    if state == "delta":
        raise DataStop(
            f"{export.archive.path}: manifest.csv says that {name}.csv is a delta, which holds only what changed. "
            "Ask the source for a bulk export."
        )
    present = export.has(name)
    if (state == "absent" and present) or (state == "bulk" and not present):
        export.tally.add("oneroster_manifest_disagrees", name + ".csv", value=state)

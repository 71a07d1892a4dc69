"""Holds a bill of materials against CycloneDX's own schema."""

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def faults(bill: str) -> list[str]:
    """Return what the schema says of a bill's text; nothing when it is one."""
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill, all_errors=True)
    return [str(one) for one in found or ()]

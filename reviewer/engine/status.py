"""From elements to a status, by the playbook's rule.

Source: labelling rule R5 of the playbook specification, and 3.1 for personal information.
"""

from collections.abc import Mapping

from reviewer.finding import ElementStatus, Status
from reviewer.playbook import Check

_PI_ESSENTIAL = ("pp_purpose", "pp_measures", "pp_return", "pp_sub")
_PI_OTHERS_NEEDED = 3


def protection_status(check: Check, elements: Mapping[str, ElementStatus]) -> Status:
    """Return ok, weak or missing.

    Args:
        check: A protection.
        elements: The status of each of its elements; one that is not named is absent.
    """
    met = {name for name, status in elements.items() if status == "met"}
    touched = {name for name, status in elements.items() if status != "absent"}
    core = {element.id for element in check.core}
    if check.status_rule == "personal_information":
        return _personal_information(core, met, touched)
    others = {element.id for element in check.elements} - core
    if core <= met and len(others & met) >= check.other_needed:
        return "ok"
    return "weak" if (core - set(check.never_enough)) & touched else "missing"


def _personal_information(core: set[str], met: set[str], touched: set[str]) -> Status:
    essential = set(_PI_ESSENTIAL)
    if essential <= met and len((core - essential) & met) >= _PI_OTHERS_NEEDED:
        return "ok"
    if len(core & met) >= 2 or len(core & touched) >= 3:
        return "weak"
    return "missing"

"""Many contracts at once: found in folders, reviewed side by side, resumed, summed up."""

from reviewer.batch.row import Row
from reviewer.batch.run import Job, run
from reviewer.batch.units import Unit, units

__all__ = ["Job", "Row", "Unit", "run", "units"]

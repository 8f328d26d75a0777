"""A process apart for work on files from strangers: bounded, without secrets, thrown away.

A small server process loads the code that does the work and then forks for each file. The fork
has limits on CPU time, address space and open files; it has no API key in its environment, no
standard output, and nothing to remember when the next file comes. Between it and us stands a
supervisor that watches the clock, kills the fork with everything it started, and removes its
temporary folder, whether the work ended, hung, crashed, or we ourselves were killed.

What comes back is bytes in a frame, to be validated by the caller like any other input.
"""

from reviewer.sandbox.bounds import Bounds
from reviewer.sandbox.client import Gone, Sandbox, WorkFailed, shared
from reviewer.sandbox.pace import FREE, Pace

__all__ = ["FREE", "Bounds", "Gone", "Pace", "Sandbox", "WorkFailed", "shared"]

"""The application telling its progress every few milliseconds, so that a race shows every time."""

from reviewer.cli import main
from reviewer.ui import runs

if __name__ == "__main__":
    runs.TICK_S = runs.BEAT_S = 0.005
    main()

"""How much a socket may send, and the codes with which one is closed."""

from __future__ import annotations

import time

NOT_SIGNED_IN = 4401
NOT_INVITED = 4403
TOO_SLOW = 4408
TOO_MANY = 4429
TOO_LONG = 1009
NOT_UNDERSTOOD = 4400

LONGEST_COMMAND = 64 * 1024
SECONDS_TO_CLOSE = 5


class Budget:
    """So many a second, in bursts; a bucket that fills with time."""

    def __init__(self, per_second: float, burst: float) -> None:
        self.per_second, self.burst = per_second, burst
        self._left, self._at = burst, time.monotonic()

    def spend(self) -> bool:
        """Take one; False when nothing is left."""
        now = time.monotonic()
        self._left = min(self.burst, self._left + (now - self._at) * self.per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

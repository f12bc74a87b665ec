"""Words of an observation. Values that come from the catalogue (functions, dimensions) are rows, not enums."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What the lens reads. Failing: failed or mixed. Fine: worked."""

    FAILED = "failed", _("Failed")
    WORKED = "worked", _("Worked well")
    MIXED = "mixed", _("Sometimes")

    @property
    def opposite(self) -> "Outcome":
        """The outcome of a car in which it was different."""
        return Outcome.FAILED if self == Outcome.WORKED else Outcome.WORKED


class Stance(models.TextChoices):
    """What another owner says to a report."""

    SAME = "same", _("The same here")
    DIFFERENT = "different", _("Different here")
    UNTESTED = "untested", _("Not tried")
    WORKAROUND = "workaround", _("This helps")


class Precision(models.TextChoices):
    """How exactly a time is known. A month is a month, never its first day."""

    MINUTE = "minute", _("to the minute")
    HOUR = "hour", _("to the hour")
    DAY = "day", _("on that day")
    MONTH = "month", _("in that month")


class Severity(models.TextChoices):
    NONE = "none", _("No effect")
    ANNOYING = "annoying", _("Annoying")
    CLOSE_CALL = "close_call", _("Close call")
    DAMAGE = "damage", _("Damage to things")
    INJURY = "injury", _("Someone was hurt")
    FIRE = "fire", _("Fire or smoke")

    @property
    def is_safety(self) -> bool:
        """Counts at once on the desk, whatever the statistics say."""
        return self in {Severity.CLOSE_CALL, Severity.DAMAGE, Severity.INJURY, Severity.FIRE}

    @property
    def is_held(self) -> bool:
        """Held for staff before it is public, who are alerted at once."""
        return self in {Severity.INJURY, Severity.FIRE}


class Venue(models.TextChoices):
    GARAGE = "garage", _("Underground garage")
    LOT = "lot", _("Open car park")
    MECHANICAL = "mechanical", _("Mechanical car park")
    ROADSIDE = "roadside", _("Roadside")
    CITY = "city", _("City street")
    HIGHWAY = "highway", _("Motorway")
    COUNTRY = "country", _("Country road")
    HOME = "home", _("At home")
    CHARGER = "charger", _("Charging station")
    OTHER = "other", _("Elsewhere")


class Signal(models.TextChoices):
    """Odd signs that chips offer. A report may carry words of its own besides."""

    ODD_SOUND = "odd_sound", _("Odd warning sound")
    FALSE_ALARM = "false_alarm", _("False alarm")
    MISSED = "missed", _("No warning")
    BLACK_SCREEN = "black_screen", _("Black screen")
    WARNING_LIGHT = "warning_light", _("Warning light")
    NOISE = "noise", _("Noise")
    SHAKE = "shake", _("Shaking")
    DISCONNECT = "disconnect", _("App disconnected")
    SMELL = "smell", _("Smell")
    NOTHING = "nothing", _("Nothing odd")

"""The forum as staff look after it: moderation, boards, conditions."""

from . import catalogue, flags, posts, threads

__all__ = ["catalogue", "flags", "posts", "threads"]

"""The one page of uploads: a rendition, for people who may see it."""

from .files import rendition

__all__ = ["rendition"]

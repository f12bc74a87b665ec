from .documents import SearchDocument
from .words import Word

__all__ = ["SearchDocument", "Word"]

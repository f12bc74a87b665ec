from .search import SearchView

__all__ = ["SearchView"]

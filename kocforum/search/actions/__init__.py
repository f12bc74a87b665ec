from .documents import forget, index, index_many
from .rebuilding import rebuild
from .words import check_word, drop_word, keep_word

__all__ = ["check_word", "drop_word", "forget", "index", "index_many", "keep_word", "rebuild"]

from .finding import MOST, Found, find
from .parsing import Term, terms_of
from .proposals import narrower, proposed_words
from .words import learn_words

__all__ = ["MOST", "Found", "Term", "find", "learn_words", "narrower", "proposed_words", "terms_of"]

"""Words as people write them: safe markup, Chinese search tokens, names in order. It knows no table of ours."""

from .clean import clean_line, clean_text
from .differences import Difference, differences
from .essays import Essay, Heading, count_words, render_essay
from .language import bilingual
from .markup import render
from .passages import Passage, all_followed, followed, found_in, passage
from .pinyin import slug, sort_key
from .plain import excerpt, plain
from .tokens import bigrams, codes, folded, tokens, use_words

__all__ = [
    "Difference",
    "Essay",
    "Heading",
    "Passage",
    "all_followed",
    "bigrams",
    "bilingual",
    "clean_line",
    "clean_text",
    "codes",
    "count_words",
    "differences",
    "excerpt",
    "folded",
    "followed",
    "found_in",
    "passage",
    "plain",
    "render",
    "render_essay",
    "slug",
    "sort_key",
    "tokens",
    "use_words",
]

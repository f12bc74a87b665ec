"""What many short texts are about: a first sorting for people to go on from, without a network or a model."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kocforum.stats.counts import whole

LEAST = 2
COMMON = 0.6  # a word in more of the texts than this is what was asked about, not a theme
ENOUGH_TO_BE_COMMON = 10
BOUND = 0.5  # of a word's texts hold the leading word as well: it belongs to the theme
TYPICAL = 0.25  # of the leading word's texts hold this one as well: it may stand in the label
TOGETHER = 1.5  # times as often as chance would have it
# Standard errors beyond chance, before a word brings in texts without the leading one: many rare words are tried
SURE = 4
LABEL = 3

_STOP = """
a about above after again all almost already also always am an and any anything are aren't as at be because been
before being below best better between both but by can can't cannot could couldn't did didn't do does doesn't doing
don't down during each enough etc even ever every everything few for from further get gets getting give good got had
hadn't has hasn't have haven't having he her here hers herself him himself his how however i i'd i'll i'm i've if in
into is isn't it it'd it'll it's its itself just kind know less let let's like likely lot make makes many may maybe
me mean might more most much must my myself need needs never no none nor not nothing now of off often ok okay on
once one only or other our ours ourselves out over own perhaps please pretty probably quite rather really right same
say see seem seems shall she should shouldn't since so some something sometimes still such sure than that that's the
their theirs them themselves then there there's these they they're thing things think this those though through to
too two under until up us use used using usually very want was wasn't way we we're well were weren't what what's
when where which while who whom why will with without won't would wouldn't yes yet you you're your yours yourself
一 一下 一个 一些 一定 一样 一点 一直 一般 一种 一起 上 上面 下 不 不会 不太 不够 不大 不好 不是 不能 不要 与 且 两 两个 个 中 为
为了 为什么 主要 之 之前 之后 也 也是 了 什么 今天 从 他 他们 以 以及 以后 以前 会 但 但是 位 低 作为 你 你们 使 使用 例如 便 做 像 儿
先 全 关于 其 其他 其实 再 出 出来 出现 几 几乎 到 前 加 十分 却 又 及 只 只是 只有 可 可以 可能 各 各种 吗 吧 否 呀 呢 和 哈 哈哈 哦
哪 哪里 啊 啥 嗯 因为 在 多 大 大家 太 好 好像 如 如果 如何 它 它们 完全 完善 对 对于 将 小 就 就是 尤其 尽量 带 希望 帮 并 并且 应该
建议 开 当 很 很多 得 必须 怎么 怎样 您 想 想要 感觉 感到 成 我 我们 或 或者 所以 所有 才 打 把 挺 提 提升 提高 改进 改善 整体 方面
无 无法 时 时候 是 是不是 是否 更 更加 更多 最 最好 最近 有 有些 有时 有时候 有点 本 来 来说 比 比较 比如 没 没有 点 然后 现在 用 由 由于
的 的话 目前 直接 看 看到 真 真的 着 种 稍微 等 等等 第 系列 经常 给 继续 而 而且 能 能够 自己 若 虽然 被 要 要是 觉得 认为 让 许多
说 请 谢谢 赶紧 起来 越 越来越 跟 较 达到 过 还 还有 还是 还要 这 这个 这些 这样 这种 这里 进行 那 那个 那么 那些 那样 那种 都 里 里面
问题 需 需要 非常 高 麻烦
"""
STOP_WORDS = frozenset(_STOP.split())


@dataclass(frozen=True, slots=True)
class Theme:
    """`label`, one to three words typical of the theme, as most people write them; `texts`, the places of those that
    speak of it, in order. A text that speaks of two things stands in two themes."""

    label: str
    texts: tuple[int, ...]


def themes(
    texts: Iterable[str],
    most: int = 8,
    tokenise: Callable[[str], Iterable[str]] = str.split,
    *,
    least: int = LEAST,
    stop_words: frozenset[str] = STOP_WORDS,
) -> tuple[Theme, ...]:
    """At most `most` themes that cover the most `texts`, largest first; each of at least `least` texts.

    Words are taken one by one, each time the one that holds most of the texts not yet covered, times the logarithm of
    how rare it is. Words half of whose texts hold it too, far beyond chance, join its theme. Texts with none of these
    stay outside: themes are for reading on, not for shares of people. `tokenise` cuts a text into words; what has
    neither letters nor digits, numbers, and `stop_words` (Chinese and English) do not count, nor do case, full width
    and the English plural. The same texts give the same themes, in time that grows with their number of words.
    Raises ValueError for broken counts. Source: greedy cover, Chvátal (1979), Mathematics of Operations Research
    4:233–235, weighted by Spärck Jones (1972), Journal of Documentation 28:11–21.
    """
    most, least = whole(most, "most"), max(1, whole(least, "least"))
    said, forms = _read(texts, tokenise, stop_words)
    where: dict[str, list[int]] = {}
    for i, words in enumerate(said):
        for word in words:
            where.setdefault(word, []).append(i)
    n = len(said)
    ceiling = COMMON * n if n >= ENOUGH_TO_BE_COMMON else n
    known = {word: places for word, places in where.items() if least <= len(places) <= ceiling}
    fresh = {word: len(places) for word, places in known.items()}
    rarity = {word: math.log((n + 1) / len(places)) for word, places in known.items()}
    covered, found, named = bytearray(n), [], set()
    while fresh and len(found) < most:
        lead = max(fresh, key=lambda word: fresh[word] * rarity[word])
        # What mostly stands in texts that have a theme is a side of that theme
        if fresh[lead] < max(least, len(known[lead]) / 2):
            del fresh[lead]
            continue
        bound, typical = _company(lead, said, known, named)
        named.update((lead, *bound))
        members = sorted({i for word in (lead, *bound) for i in known[word]})
        found.append(Theme(_label([lead, *typical], said, known, forms), tuple(members)))
        for word in (lead, *bound):
            fresh.pop(word, None)
        for i in members:
            if not covered[i]:
                covered[i] = 1
                for word in said[i]:
                    if word in fresh:
                        fresh[word] -= 1
    return tuple(sorted(found, key=lambda theme: -len(theme.texts)))


def _company(
    lead: str, said: Sequence[Sequence[str]], known: dict[str, list[int]], named: set[str]
) -> tuple[list[str], list[str]]:
    """(words that belong to the lead's theme, at most two others for its label, most telling first).

    What an earlier theme is named after labels no other, so that no two read the same.
    """
    share = len(known[lead]) / len(said)
    together = Counter(word for i in known[lead] for word in said[i] if word in known and word != lead)
    bound, telling = [], []
    for word, times in together.items():
        chance = share * len(known[word])
        if times < 2 or times < TOGETHER * chance:
            continue
        beyond = (times - chance) ** 2 >= SURE**2 * chance * (1 - share)
        if beyond and times >= BOUND * len(known[word]):
            bound.append(word)
        if times >= TYPICAL * len(known[lead]) and word not in named:
            telling.append((-times * math.log(times / chance), word))
    # The sort is stable and looks at the number alone: ties stand in the order first said
    telling.sort(key=lambda pair: pair[0])
    return bound, [word for _, word in telling[: LABEL - 1]]


def _label(
    words: list[str], said: Sequence[Sequence[str]], known: dict[str, list[int]], forms: dict[str, Counter[str]]
) -> str:
    """The words in the order people mostly say them, in the form most of them write."""
    inside = set(known[words[0]])
    place = {}
    for word in words:
        places = [list(said[i]).index(word) for i in known[word] if i in inside]
        place[word] = sum(places) / len(places)
    return " ".join(max(forms[word], key=forms[word].__getitem__) for word in sorted(words, key=place.__getitem__))


def _read(
    texts: Iterable[str], tokenise: Callable[[str], Iterable[str]], stop_words: frozenset[str]
) -> tuple[list[list[str]], dict[str, Counter[str]]]:
    """(the words of each text, once each in order; {word: {form: times}})."""
    cleaned: dict[str, tuple[str, str]] = {}  # {token: (word, form)}, since most tokens come again
    raw = []
    for text in texts:
        pieces = []
        for token in tokenise(text):
            if token not in cleaned:
                cleaned[token] = _cleaned(token, stop_words)
            if cleaned[token][0]:
                pieces.append(cleaned[token])
        raw.append(pieces)
    words = {word for word, _ in cleaned.values()}
    said: list[list[str]] = []
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pieces in raw:
        once = {}
        for word, form in pieces:
            if word.endswith("s") and word[:-1] in words and len(word) > 3:
                word = word[:-1]
            once[word] = None
            forms[word][form] += 1
        said.append(list(once))
    return said, forms


def _cleaned(token: str, stop_words: frozenset[str]) -> tuple[str, str]:
    form = unicodedata.normalize("NFKC", token).replace("’", "'")
    start, end = 0, len(form)
    while start < end and not form[start].isalnum():
        start += 1
    while start < end and not form[end - 1].isalnum():
        end -= 1
    form = form[start:end]
    word = form.casefold()
    if word in stop_words or not any(char.isalpha() for char in word) or (len(word) == 1 and word.isascii()):
        return "", ""
    return word, form

"""Words of the synthetic community: a small pool, each rendered once."""

from __future__ import annotations

import random

from kocforum.text import render

POOL = 160
WHERE = [
    "小区地库",
    "公司楼下",
    "商场停车场",
    "早高峰的高架上",
    "雨夜的环线",
    "服务区",
    "老城区的窄巷",
    "机场高速",
    "隧道出口",
    "山路上",
]
WHAT = [
    "自动泊车倒到一半停了下来", "领航辅助在汇入口犹豫了几秒", "语音助手没有听懂", "快充功率一直上不去", "座椅加热自己关了", "环视画面出得很慢", "钥匙靠近没有解锁",
    "导航突然没有声音", "雨刮在小雨里反应偏慢", "车道保持跟着旧标线走", "抬头显示有一点重影", "后排出风口有轻微异响",
]  # fmt: skip
WHEN = ["昨天晚上", "今天一早", "上个周末", "连着三天", "升级之后第一次", "下班路上", "带孩子出门的时候"]
HOW = [
    "重启以后好了",
    "换了一个车位就正常",
    "擦了摄像头再试，没有再出现",
    "又试了两次，一次成一次不成",
    "现在还没有找到规律",
    "等了几分钟自己恢复",
    "按提示操作了一遍，还是一样",
]
ASK = [
    "大家有没有遇到过？",
    "同款的朋友帮忙看看。",
    "先记下来，回头再补照片。",
    "想知道是不是只有我这样。",
    "如果你那边正常，也请说一声。",
]
ANSWERS = [
    "我也遇到过一次", "我这边一直正常", "同一个版本，没有复现", "我的情况和你说的很像", "谢谢记录，这个细节很有用", "我那天气温更低，结果差不多", "建议把时间和版本写上",
    "换到亮一点的地方就好了", "上周升级以后没有再出现", "可以先看看传感器是不是脏了",
]  # fmt: skip
TITLES = ["{where}，{what}", "{what}，{how}", "{when}{what}", "{what}，是个别情况吗", "记录一下：{what}"]


class Texts:
    """Openings, answers and titles, drawn from pools that the seed decides."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(f"{seed}:texts")
        self.titles = list(dict.fromkeys(self._filled(self.dice.choice(TITLES)) for _ in range(POOL * 4)))
        self.openings = self._rendered(self._opening() for _ in range(POOL))
        self.answers = self._rendered(self._answer() for _ in range(POOL))

    def _rendered(self, texts) -> list[tuple[str, str]]:
        return [(text, render(text)) for text in dict.fromkeys(texts)]

    def _filled(self, pattern: str) -> str:
        choose = self.dice.choice
        return pattern.format(where=choose(WHERE), what=choose(WHAT), when=choose(WHEN), how=choose(HOW))

    def _opening(self) -> str:
        said = [self._filled("{when}在{where}，{what}。{how}。") for _ in range(self.dice.randint(1, 4))]
        return "\n\n".join([*said, self.dice.choice(ASK)])

    def _answer(self) -> str:
        said = [self.dice.choice(ANSWERS) + "。"]
        if self.dice.random() < 0.6:
            said.append(self._filled("{when}在{where}，{what}，{how}。"))
        return "".join(said)

"""The living style page: every component with values that look like life. It exists in tests only."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden
from kocforum.ui.unsent import keeps_unsent_text, unsent_text


def person(name: str, **more: Any) -> Thing:
    fields = {"username": name, "is_koc": False, "is_staff": False, "closed_at": None, "get_koc_level_display": "KOC"}
    return Thing(**{"name": name, "get_absolute_url": f"/u/{name}/", **fields, **more})


def stage(key: str, label: str, state: str, note: str = "", at: Any = None) -> Thing:
    return Thing(key=key, label=label, state=state, note=note, at=at)


def river(reached: int) -> list[Thing]:
    """`reached` stages done, the next one now."""
    words = [
        ("recorded", "现场记录", ""),
        ("corroborated", "社群验证", "47 份佐证"),
        ("gathered", "共性话题", "由 12 篇报告汇成"),
        ("accepted", "品牌受理", "软件工程部 · 分析中"),
        ("released", "改进发布", "4.3 已推送"),
        ("verified", "车主验证", "12/30 → 26/30"),
    ]
    start = timezone.now() - timedelta(days=100)
    return [
        stage(
            key,
            label,
            "done" if at < reached else "now" if at == reached else "todo",
            note if at <= reached else "",
            start + timedelta(days=12 * at) if at <= reached else None,
        )
        for at, (key, label, note) in enumerate(words)
    ]


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="标题", max_length=60, help_text="不写也行，会按你选的内容自动生成。")
    car = forms.ChoiceField(label="哪辆车", choices=[("1", "远山 S7 · 2025"), ("2", "远山 S5 · 2023")])
    happened = forms.DateTimeField(label="什么时候", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    weather = forms.ChoiceField(
        label="天气",
        widget=forms.RadioSelect,
        required=False,
        choices=[("sunny", "晴"), ("cloudy", "多云"), ("rain", "小雨"), ("storm", "大雨"), ("snow", "雪")],
    )
    signals = forms.MultipleChoiceField(
        label="有什么异常",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("sound", "提示音异常"), ("false", "误报"), ("black", "黑屏"), ("none", "没有")],
    )
    failures = forms.IntegerField(label="失败", min_value=0, max_value=999, initial=3)
    successes = forms.IntegerField(label="成功", min_value=0, max_value=999, initial=0)
    body = forms.CharField(label="发生了什么", widget=forms.Textarea)
    photo = forms.FileField(label="照片", required=False)
    agree = forms.BooleanField(label="我同意社区公约")


def context(number: int = 8) -> dict[str, Any]:
    zhou, su = person("周行", is_koc=True), person("苏遥")
    he, brand = person("何川"), person("品牌用户研究", is_staff=True)
    wrong = SampleForm(
        {"car": "1", "weather": "rain", "signals": ["sound"], "failures": 3, "successes": 1, "body": "雨夜"},
        auto_id="wrong_%s",
    )
    wrong.is_valid()
    rows = Paginator(range(400), 20)
    return {
        "section": "community",
        "zhou": zhou,
        "su": su,
        "he": he,
        "brand": brand,
        "people": [zhou, su, he, person("林一")],
        "names": [person(name) for name in "赵钱孙李吴郑王冯陈褚卫蒋沈韩杨"],
        "stages": river(3),
        "stages_early": river(1),
        "stages_done": river(6),
        "minutes_ago": timezone.now() - timedelta(minutes=5),
        "hours_ago": timezone.now() - timedelta(hours=3),
        "long_ago": timezone.now() - timedelta(days=250),
        "words": ["室内照明", "无雨", "标线磨损", "4.2.1"],
        "lens": [
            ("标线模糊", 0.75, 0.58, 0.88, "bad"),
            ("夜间 + 雨", 0.67, 0.51, 0.81, "bad"),
            ("版本 4.2.x", 0.57, 0.44, 0.69, "bad"),
            ("传感器脏污", 0.43, 0.24, 0.66, "warn"),
            ("标线清晰", 0.12, 0.06, 0.22, "good"),
        ],
        "shares": [
            Thing(label="星轨", count=986, share=(0.46, 0.44, 0.48), guess=30, mine=True, picture=None),
            Thing(label="飞羽", count=707, share=(0.33, 0.31, 0.35), guess=50, mine=False, picture=None),
        ],
        "crumbs": [("智能驾驶", "/boards/driving/"), ("自动泊车", "")],
        "tabs": [
            Thing(url="?", label="正在汇聚", on=True, count=None),
            Thing(url="?v=new", label="最新", on=False, count=None),
            Thing(url="?v=open", label="等待佐证", on=False, count=12),
            Thing(url="?v=said", label="官方已回应", on=False, count=None),
            Thing(url="?v=mine", label="我关注的", on=False, count=None),
        ],
        "page": rows.page(number),
        "form": SampleForm(),
        "wrong": wrong,
        "options": [
            Thing(value="day", label="白天", checked=False, auto=False),
            Thing(value="lit", label="夜间有灯", checked=True, auto=True),
            Thing(value="dark", label="夜间昏暗", checked=False, auto=False),
        ],
        "pictures": [
            Thing(
                kind="image",
                url=f"/static/img/{name}",
                thumbnail_url=f"/static/img/{name}",
                width=0,
                height=0,
                alt=alt,
                caption=alt,
            )
            for name, alt in [("og.png", "中控提示"), ("icon-180.png", "地面标线"), ("og.png", "倒车影像")]
        ],
    }


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", context(int(request.GET.get("page", 8))))


def state(request: HttpRequest, name: str) -> HttpResponse:
    """The pages of refusal, and what a message looks like."""
    if name == "conflict":
        raise Conflict("这张工单已被别人推进，请刷新后再看。")
    if name == "forbidden":
        raise Forbidden("只有议题主持人可以修改综述。")
    if name == "403":
        raise PermissionDenied
    if name == "500":
        return render(None, "500.html", status=500)
    if name == "csrf":
        return render(
            request,
            "403_csrf.html",
            {"back": "", "texts": ["雨夜垂直泊车连续三次失败，每次失败前雷达提示音异常。"]},
            status=403,
        )
    if name == "messages":
        messages.success(request, "已发布，等同车型的车主来佐证。")
        messages.error(request, "视频太长，最多三分钟。")
        return page(request)
    raise Http404


@keeps_unsent_text("reply", fields=("body",), back=lambda number: reverse("styleguide_reply", args=[number]))
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """A form whose text survives a lost sign-in."""
    if request.method == "POST":
        return redirect("styleguide_reply", number)
    form = SampleForm(initial=unsent_text(request, "reply", number=number))
    return render(request, "reply.html", {"form": form, "number": number})

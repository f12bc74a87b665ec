"""The host's tray, questions to one owner, passages."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into

from ..actions import hosting as actions
from ..enums import SortedAs
from ..forms.topics import AnswerForm, AskForm, PassageForm, SortForm
from ..models import Post, Question, Topic
from ..queries.topics import open_questions_for, topics_holding, unsorted_replies
from ..rules.topics import can_collect, can_host
from .doors import post_or_404, topic_or_404


def _hosted(request: HttpRequest, pk: int) -> Topic:
    shown = topic_or_404(request.user, pk)
    if can_host(request.user, shown) is not True:
        raise Http404
    return shown


@login_required
def tray(request: HttpRequest, pk: int) -> HttpResponse:
    """Replies that nobody has sorted yet, each with five buttons."""
    shown = _hosted(request, pk)
    if request.method == "POST":
        form = SortForm(request.POST)
        if form.is_valid():
            post = get_object_or_404(Post.objects.visible_to(request.user), pk=form.cleaned_data["post"])
            actions.sort_reply(by=request.user, topic=shown, post=post, sorted_as=form.cleaned_data["sorted_as"])
        return redirect("topic_tray", pk)
    sorted_replies = shown.sorted_replies.select_related("post__author", "post__thread")
    context = {
        "topic": shown,
        "replies": unsorted_replies(shown, request.user),
        "choices": SortedAs.choices,
        "sorted_replies": sorted_replies,
    }
    return render(request, "forum/topics/tray.html", context)


@login_required
def ask(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """Ask the owner of a record about one field."""
    shown = _hosted(request, pk)
    asked = get_object_or_404(Post.objects.visible_to(request.user).select_related("author", "thread"), pk=post)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(by=request.user, topic=shown, post=asked, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Asked. You hear when it is answered."))
            return redirect("topic_tray", pk)
    context = {"topic": shown, "post": asked, "form": form}
    return render(request, "forum/topics/ask.html", context, status=422 if request.method == "POST" else 200)


@login_required
def questions(request: HttpRequest) -> HttpResponse:
    """What hosts ask me."""
    return render(
        request, "forum/topics/questions.html", {"questions": open_questions_for(request.user), "section": "me"}
    )


@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a host's question, in the record itself."""
    question = get_object_or_404(
        Question.objects.select_related("topic", "post__thread", "asked_by"), pk=pk, asked_of=request.user
    )
    form = AnswerForm(request.POST or None, field=question.field)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_question(by=request.user, question=question, value=form.cleaned_data["value"])
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Thank you. It stands in your record now."))
            return redirect(question.post)
    context = {"question": question, "form": form}
    return render(request, "forum/topics/answer.html", context, status=422 if request.method == "POST" else 200)


@login_required
def passage(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Collect a passage of a post; `?text=` is what was selected."""
    shown = post_or_404(request.user, pk, number)
    if can_collect(request.user, shown) is not True:
        raise Http404
    initial = {"text": request.GET.get("text", "")[:2000] or shown.body[:2000], "op_id": uuid.uuid4()}
    form = PassageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            topic = topics_holding(shown.thread.report).first() if hasattr(shown.thread, "report") else None
            actions.collect(by=request.user, post=shown, topic=topic, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Collected."))
            return redirect(shown)
    return render(
        request,
        "forum/posts/passage.html",
        {"post": shown, "form": form},
        status=422 if request.method == "POST" else 200,
    )

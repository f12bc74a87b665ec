"""`/tasks/workshops/…/minutes/` and `…/after/`: what a room said, what it left to be done, and the talk of those who met."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kocforum.errors import Invalid, Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.links import links_for
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.minutes import answer_minutes, correct_minutes, reply_to_objection, sign_minutes
from ..actions.room_results import move_result
from ..actions.room_words import speak_after, take_back_word
from ..enums import SeatRole
from ..forms.minutes import AnswerForm, RemarksForm, ReplyForm, ResultForm, WordForm
from ..models import Minutes, MinutesAnswer, RecordedVoice, RoomResult, RoomWord, Seat, Workshop
from ..queries.minutes import answers_of, draft_of
from ..queries.presence import who_came
from ..queries.room_results import carried_into, results_of, words_of
from ..rules.minutes import (
    can_answer_minutes,
    can_correct_minutes,
    can_sign_minutes,
    can_speak_after,
    moves_result,
    seat_inside,
)
from ..rules.sittings import LEADS
from .doors import number_in, unindexed
from .workshops import workshop_or_404


def _inside(request: HttpRequest, pk: int) -> tuple[Workshop, Seat]:
    """To whoever does not sit in the room it is not there."""
    workshop = workshop_or_404(request, pk)
    seat = seat_inside(request.user, workshop)
    if seat is None or workshop.ended_at is None:
        raise Http404
    return workshop, seat


@keeps_unsent_text("minutes", fields=("verdict", "text", "remarks"))
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes: read, confirmed, objected to, corrected, signed."""
    workshop, seat = _inside(request, pk)
    found = Minutes.objects.visible_to(request.user).select_related("signed_by").filter(workshop=workshop).first()
    if found is None:
        return unindexed(_show_minutes(request, workshop, seat, None), workshop.task)
    found.workshop = workshop
    if request.method != "POST":
        return unindexed(_show_minutes(request, workshop, seat, found), workshop.task)
    form = _sent(request, found)
    if form.is_valid():
        try:
            messages.success(request, _DO[request.POST["do"]](request.user, found, form.cleaned_data))
            return redirect("minutes", pk=pk)
        except Refused as refused:
            refuse_into(form, refused)
    found.refresh_from_db()
    response = _show_minutes(request, workshop, seat, found, **{request.POST["do"]: form})
    response.status_code = 422
    return unindexed(response, workshop.task)


def _sent(request: HttpRequest, found: Minutes) -> Form:
    made = {"answer": AnswerForm, "correct": RemarksForm, "reply": ReplyForm, "sign": Form}.get(
        request.POST.get("do", "")
    )
    if made is None:
        raise Http404
    return made(request.POST)


def _answer(by: Any, found: Minutes, said: dict[str, Any]) -> str:
    answer_minutes(by=by, minutes=found, **said)
    return _("Thank you. Your word stands in the minutes.")


def _correct(by: Any, found: Minutes, said: dict[str, Any]) -> str:
    correct_minutes(by=by, minutes=found, **said)
    return _("The new version is there, and everybody hears of it.")


def _reply(by: Any, found: Minutes, said: dict[str, Any]) -> str:
    answer = get_object_or_404(MinutesAnswer, pk=said["answer"], minutes=found)
    reply_to_objection(by=by, answer=answer, reply=said["reply"])
    return _("Your reply stands beside the objection.")


def _sign(by: Any, found: Minutes, said: dict[str, Any]) -> str:
    sign_minutes(by=by, minutes=found)
    return _("Signed. They stay as they are.")


_DO = {"answer": _answer, "correct": _correct, "reply": _reply, "sign": _sign}


def _show_minutes(
    request: HttpRequest, workshop: Workshop, seat: Seat, found: Minutes | None, **forms: Form
) -> HttpResponse:
    user, leads, came = request.user, seat.role in LEADS, who_came(workshop)
    context: dict[str, Any] = {
        "section": "tasks",
        "task": workshop.task,
        "workshop": workshop,
        "seat": seat,
        "minutes": found,
        "draft": draft_of(workshop, for_host=leads, came=came),
        "leads": leads,
    }
    if found is not None:
        answers = answers_of(found, user.pk, came)
        own, kept = answers.own, unsent_text(request, "minutes", pk=workshop.task_id)
        said = {"verdict": own.verdict, "text": own.text} if own else {}
        context |= {
            "answers": answers,
            "waiting": Seat.objects.filter(workshop=workshop, member__in=answers.missing).select_related("member"),
            "may_answer": can_answer_minutes(user, found) is True,
            "may_correct": can_correct_minutes(user, found) is True,
            "may_sign": can_sign_minutes(user, found, len(answers.missing)),
            "answer_form": forms.get("answer") or AnswerForm(initial={**said, **kept}),
            "remarks_form": forms.get("correct")
            or RemarksForm(initial={"version": found.version, "remarks": found.remarks, **kept}),
            "reply_form": forms.get("reply"),
            "refused": forms["sign"].non_field_errors() if "sign" in forms else [],
        }
    return render(request, "tasks/workshops/minutes.html", context)


@keeps_unsent_text("after_room", fields=("text", "kind"))
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def after(request: HttpRequest, pk: int) -> HttpResponse:
    """What is left to be done, and the private thread of those who met."""
    workshop, seat = _inside(request, pk)
    if request.method != "POST":
        return unindexed(_show_after(request, workshop, seat), workshop.task)
    do = request.POST.get("do", "")
    if do == "take_back":
        return _take_back(request, workshop)
    form = _word_form(seat, request.POST) if do == "say" else ResultForm(request.POST)
    if form.is_valid():
        try:
            (_say if do == "say" else _move)(request.user, workshop, form.cleaned_data)
            return redirect("after_room", pk=pk)
        except Refused as refused:
            refuse_into(form, refused)
    response = _show_after(request, workshop, seat, **{"say" if do == "say" else "move": form})
    response.status_code = 422
    return unindexed(response, workshop.task)


def _word_form(seat: Seat, said: Any = None, **kept: Any) -> WordForm:
    return WordForm(said, of_the_brand=seat.role != SeatRole.KOC, initial={"op_id": uuid.uuid4(), **kept})


def _say(by: Any, workshop: Workshop, said: dict[str, Any]) -> None:
    speak_after(by=by, workshop=workshop, text=said["text"], kind=said["kind"], op_id=said["op_id"] or uuid.uuid4())


def _move(by: Any, workshop: Workshop, said: dict[str, Any]) -> None:
    rows = RoomResult.objects.visible_to(by).select_related("workshop__task")
    result = get_object_or_404(rows, pk=said["result"])
    move_result(by=by, result=result, to=said["to"], expected=said["expected"], reason=said["reason"])


@require_POST
@staff_page
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a result is, said by a colleague from the desk."""
    found = get_object_or_404(RoomResult.objects.visible_to(request.user).select_related("workshop__task"), pk=pk)
    form = ResultForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid({"reason": _("Say why not. Those who met read it.")})
        said = form.cleaned_data
        move_result(by=request.user, result=found, to=said["to"], expected=said["expected"], reason=said["reason"])
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found.get_absolute_url())


def _take_back(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    words = RoomWord.objects.visible_to(request.user).select_related("workshop__task")
    word = get_object_or_404(words, pk=number_in(request.POST.get("word")), workshop=workshop)
    try:
        take_back_word(by=request.user, word=word)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("after_room", pk=workshop.task_id)


def _show_after(request: HttpRequest, workshop: Workshop, seat: Seat, **forms: Form) -> HttpResponse:
    user = request.user
    results = [*results_of(workshop), *carried_into(workshop)]
    sent, seats = forms.get("move"), {workshop.pk: seat}
    for one in results:
        if one.workshop_id not in seats:
            seats[one.workshop_id] = seat_inside(user, one.workshop)
        one.may_move = moves_result(user, one, seats[one.workshop_id])
        mine = sent if sent is not None and sent["result"].value() == str(one.pk) else None
        one.form = mine or ResultForm(initial={"result": one.pk, "expected": one.state, "to": one.state})
        one.links = links_for("room_result", user, one)
    context = {
        "section": "tasks",
        "task": workshop.task,
        "workshop": workshop,
        "seat": seat,
        "results": [one for one in results if one.workshop_id == workshop.pk],
        "carried": [one for one in results if one.workshop_id != workshop.pk],
        "words": words_of(workshop, user),
        "voices": RecordedVoice.objects.visible_to(user).filter(workshop=workshop).select_related("member"),
        "may_speak": can_speak_after(user, workshop, "talk") is True,
        "word_form": forms.get("say") or _word_form(seat, **unsent_text(request, "after_room", pk=workshop.task_id)),
        "outcomes": list(workshop.task.outcomes.all()),
    }
    return render(request, "tasks/workshops/after.html", context)

"""Where an entry is written: begin, write, save, look back, give."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kocforum.errors import Invalid, Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import forget_unsent_text, keeps_unsent_text, unsent_text

from ..actions.entries import give_entry
from ..actions.manuscripts import Rights, Saved, begin_entry, drop_aside, save_manuscript
from ..forms.entries import RightsForm, WriterForm, WritingForm
from ..models import Entry
from ..models.entries import ENTRIES_KIND
from ..queries.entries import written_by
from ..queries.manuscripts import aside_of, history_of, now_of
from ..rules.calls import can_begin, can_share_entry, can_write_entry, is_author
from ..rules.scaffolds import missing
from .doors import call_or_404, do_and_say, number_in, sent_only, written_or_404


@login_required
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Before the first word: what may be done with the text. Who began before goes on; who writes along elsewhere may begin."""
    found = call_or_404(request.user, pk)
    own, joint = written_by(request.user, found.call)
    if own:
        return redirect("entry_write", pk=pk, entry=own.pk)
    may = can_begin(request.user, found.call)
    form = RightsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = begin_entry(by=request.user, call=found.call, rights=form.rights())
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect("entry_write", pk=pk, entry=entry.pk)
    context = {"section": "tasks", "task": found, "call": found.call, "form": form, "may": may, "joint": joint}
    return render(request, "tasks/calls/begin.html", context, status=422 if request.method == "POST" else 200)


@keeps_unsent_text("writing", fields=("title", "body", "version", "revision"), back=None)
@login_required
def write(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """The long-form editor. Without JavaScript a button saves; with it the page saves by itself. What is refused is saved all
    the same, as far as it can be."""
    found = written_or_404(request.user, pk, entry)
    if request.method != "POST":
        met = _take_up(request, found)
        return writing_page(request, found, _form(request, found), clash=met)
    form = _form(request, found)
    saved: Saved | None = None
    if form.is_valid():
        try:
            if request.POST.get("do") == "give":
                return _give(request, found, form)
            saved = _save(request, found, form)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            if saved.aside is None:
                messages.success(request, _("Saved. Nobody reads it before you give it."))
                return redirect("entry_write", pk=pk, entry=entry)
    status = 422 if form.errors else 409
    return writing_page(request, found, form, clash=_keep_refused(request, found, form, saved), status=status)


def _take_up(request: HttpRequest, found: Entry) -> dict[str, int] | None:
    """Save what was sent without a sign-in, from the text that it came from, like any other save. Where that met a newer one: the version
    and revision that it came from."""
    kept = unsent_text(request, "writing", pk=found.call.task_id, entry=found.pk)
    if not {"version", "revision"} <= kept.keys():
        return None
    version, revision = number_in(kept["version"]), number_in(kept["revision"])
    said = {name: str(kept.get(name, "")) for name in ("title", "body")}
    try:
        saved = save_manuscript(by=request.user, entry=found, **said, version=version, revision=revision)
    except Refused:
        return None
    return None if saved.aside is None else {"version": version, "revision": revision}


def _keep_refused(request: HttpRequest, found: Entry, form: WritingForm, saved: Saved | None) -> dict[str, int] | None:
    """Save what a refused form held, and let it go on from what the server has now, which the page shows beside it. Where that is
    another text: the version and revision that the form came from."""
    if not {"version", "revision"} <= form.cleaned_data.keys():
        return None
    version, revision = form.seen
    if saved is None:
        title, body = (str(form[name].value() or "") for name in ("title", "body"))
        try:
            saved = save_manuscript(
                by=request.user, entry=found, title=title, body=body, version=version, revision=revision
            )
        except Refused:
            return None
    form.goes_on_from(saved.version, saved.revision)
    return None if saved.aside is None else {"version": version, "revision": revision}


def _form(request: HttpRequest, found: Entry, *, sent: bool = True) -> WritingForm:
    part_of = (ENTRIES_KIND, found.pk)
    if sent and request.method == "POST":
        return WritingForm(request.POST, request.FILES, by=request.user, part_of=part_of)
    kept = unsent_text(request, "writing", pk=found.call.task_id, entry=found.pk)
    typed = {name: kept[name] for name in ("title", "body") if name in kept}
    initial = now_of(found) | {"op_id": uuid.uuid4(), **typed}
    if save := found.saves.filter(pk=number_in(request.GET.get("from"))).first():
        initial |= {"title": save.title, "body": save.body}
    return WritingForm(initial=initial, by=request.user, part_of=part_of)


def _save(request: HttpRequest, found: Entry, form: WritingForm) -> Saved:
    said, (version, revision) = form.cleaned_data, form.seen
    return save_manuscript(
        by=request.user,
        entry=found,
        title=said["title"],
        body=said["body"],
        version=version,
        revision=revision,
        uploads=said["uploads"],
    )


def _give(request: HttpRequest, found: Entry, form: WritingForm) -> HttpResponse:
    said = form.cleaned_data
    entry = give_entry(
        by=request.user,
        entry=found,
        title=said["title"],
        body=said["body"],
        seen=form.seen,
        uploads=said["uploads"],
        op_id=said["op_id"],
    )
    messages.success(request, _given(entry))
    return redirect(entry)


def _given(entry: Entry) -> str:
    if not entry.is_given:
        return _("A moderator has a look first; you hear as soon as it can be read.")
    if entry.version > 1:
        return _("The new version stands. The earlier ones can be looked up.")
    if entry.call.is_sealed:
        return _("Thank you. It is sealed until the reveal; until then you can still change it.")
    return _("Thank you. Your entry can be read.")


def writing_page(
    request: HttpRequest,
    found: Entry,
    form: WritingForm | None = None,
    *,
    along: WriterForm | None = None,
    clash: dict[str, int] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The editor with what stands beside it. `along`: a refused invitation. `clash`: the server has
    another text than the form, which was written from this version and revision."""
    call, form = found.call, form or _form(request, found, sent=False)
    context = {
        "section": "tasks",
        "task": call.task,
        "call": call,
        "entry": found,
        "form": form,
        "held": _held(request, found, form, clash),
        "may": can_write_entry(request.user, found),
        "mine": is_author(request.user, found),
        "may_share": can_share_entry(request.user, found) is True,
        "rights": RightsForm(initial={name: getattr(found, name) for name in vars(Rights())}),
        "along": along or WriterForm(),
        "writers": list(found.writers.select_related("member")),
        "asides": aside_of(found),
        "waiting": missing(call.scaffold, found.body) if found.version else [],
        "clarifications": list(call.clarifications.all()),
    }
    response = render(request, "tasks/calls/write.html", context, status=status)
    if request.method != "POST":
        # Perhaps sealed, and of an hour ago when somebody goes back to it: no browser keeps a copy. It could not show again what was sent.
        response["Cache-Control"] = "private, no-store"
    return response


def _held(request: HttpRequest, found: Entry, form: WritingForm, clash: dict[str, int] | None) -> dict[str, Any] | None:
    """What the server has, where the form shows words that were typed and are not there yet. The script saves them; or, where
    two texts met, asks which one goes on (`from`: what the form was written from)."""
    if not (form.is_bound or unsent_text(request, "writing", pk=found.call.task_id, entry=found.pk)):
        return None
    now = now_of(found)
    same = all(str(form[name].value() or "").replace("\r\n", "\n") == now[name] for name in ("title", "body"))
    return None if same else {**now, "from": clash}


@sent_only
def save(request: HttpRequest, pk: int, entry: int) -> JsonResponse:
    """The page saves by itself: 200 with the new revision, 409 with the text that is newer, 401 where the sign-in has ended."""
    if not request.user.is_authenticated:
        detail = _("You are signed out. Your text is kept on this device; sign in in another tab and write on.")
        return JsonResponse({"detail": detail}, status=401)
    found = written_or_404(request.user, pk, entry)
    form = WritingForm(_posted(request), by=request.user, part_of=(ENTRIES_KIND, found.pk))
    if not form.is_valid():
        return JsonResponse({"detail": next(iter(form.errors.values()))[0]}, status=400)
    try:
        saved = _save(request, found, form)
    except Invalid as refused:
        return JsonResponse({"detail": str(refused)}, status=400)
    except Refused as refused:
        return JsonResponse({"detail": str(refused)}, status=refused.status)
    forget_unsent_text(request, "writing", pk=pk, entry=entry)
    said: dict[str, Any] = {"version": saved.version, "revision": saved.revision, "at": timezone.now().isoformat()}
    if saved.aside is None:
        return JsonResponse(said)
    return JsonResponse({**said, "title": saved.title, "body": saved.body, "aside": saved.aside.pk}, status=409)


def _posted(request: HttpRequest) -> Any:
    """Form data; or JSON, which a browser sends as a page is left."""
    if request.content_type != "application/json":
        return request.POST
    try:
        said = json.loads(request.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


@login_required
@require_safe
def saves(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What was saved along the way, and what changed from one to the next."""
    found = written_or_404(request.user, pk, entry)
    chosen = number_in(request.GET.get("show"))
    context = {
        "section": "tasks",
        "task": found.call.task,
        "entry": found,
        "rows": history_of(found),
        "shown": history_of(found, chosen) if chosen else None,
        "may": can_write_entry(request.user, found),
    }
    return render(request, "tasks/calls/saves.html", context)


@sent_only
@login_required
def drop(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """The text that lies aside is not needed."""
    found = written_or_404(request.user, pk, entry)
    for row in found.saves.filter(pk=number_in(request.POST.get("save")), aside=True):
        do_and_say(request, lambda row=row: drop_aside(by=request.user, save=row), _("It is gone."))
    return redirect("entry_write", pk=pk, entry=entry)

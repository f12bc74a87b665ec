"""Answers in the name of the brand."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.official import answer_officially
from ..forms.posts import PostForm
from ..rules.posts import can_answer_officially
from .doors import thread_or_404


@keeps_unsent_text("official", fields=("body",))
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff answer a thread officially."""
    thread = thread_or_404(request.user, pk)
    if not can_answer_officially(request.user):
        raise Http404
    initial = {"op_id": uuid.uuid4(), **unsent_text(request, "official", pk=pk)}
    form = PostForm(request.POST or None, request.FILES or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            post = answer_officially(
                by=request.user, thread=thread, body=said["body"], uploads=said["uploads"], op_id=said["op_id"]
            )
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect(post)
    status = 422 if request.method == "POST" else 200
    return render(request, "forum/posts/official.html", {"thread": thread, "form": form}, status=status)

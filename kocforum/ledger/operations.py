"""`once`: an action with an `op_id` does its work one time, and a replay gets the first result."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from kocforum.errors import Conflict

from .models import Operation

M = TypeVar("M", bound=models.Model)


def once(model: type[M]) -> Callable[[Callable[..., M]], Callable[..., M]]:
    """Decorate an action `(*, by, op_id=None, …) -> model row`, above its own `@transaction.atomic`.

    The row of a replay carries `replayed = True`, so that the API can answer 200 in place of 201. The same `op_id`
    for another kind of thing is a Conflict. Two requests at once: the unique constraint lets one through, and the
    other reads its result.
    """

    def decorate(action: Callable[..., M]) -> Callable[..., M]:
        kind = f"{model._meta.label_lower}:{action.__name__}"

        def first_result(by: Any, op_id: Any) -> M | None:
            operation = Operation.objects.filter(by=by, op_id=op_id).first()
            if operation is None:
                return None
            if operation.kind != kind:
                raise Conflict(_("This op_id was already used for something else."))
            row = model._default_manager.filter(pk=operation.result_id).first()
            if row is None:
                raise Conflict(_("What this op_id created is no longer there."))
            row.replayed = True  # type: ignore[attr-defined]
            return row

        @wraps(action)
        def run_once(*, by: Any, op_id: Any = None, **values: Any) -> M:
            if op_id is None:
                return action(by=by, **values)
            if (row := first_result(by, op_id)) is not None:
                return row
            try:
                with transaction.atomic():
                    # Claimed before the work: a second request waits here, on PostgreSQL, until the first commits.
                    operation = Operation.objects.create(by=by, op_id=op_id, kind=kind)
                    row = action(by=by, **values)
                    operation.result_id = row.pk
                    operation.save(update_fields=["result_id"])
                    return row
            except IntegrityError:
                if (row := first_result(by, op_id)) is not None:
                    return row
                raise

        return run_once

    return decorate

"""What every operation of the API may answer besides its own result, said once for all of them in the OpenAPI schema."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

DETAIL = {
    "type": "object",
    "properties": {"detail": {"type": "string", "description": "A sentence in the reader's language."}},
    "required": ["detail"],
}
FIELDS = {
    "type": "object",
    "description": "Sentences by field name; `non_field_errors` are about the whole.",
    "additionalProperties": {},
}
SENTENCES = {
    200: "As asked; for a creating POST, the first result of a repeated `op_id`.",
    201: "Created.",
    204: "Done; there is nothing to show.",
    400: "Values that do not fit, by field.",
    401: "Needs a sign-in: a token or a session.",
    403: "May be seen, may not be done by this person.",
    404: "There is no such thing for this reader.",
    409: "No longer in the expected state, or two people met.",
    429: "Too many writes in a short time; `Retry-After` says when to go on.",
}


def tell_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular: adds the refusals that an operation can give and does not describe itself."""
    for path, operations in result.get("paths", {}).items():
        for method, operation in operations.items():
            if "responses" not in operation:
                continue
            for status in _possible(path, method, operation):
                operation["responses"].setdefault(str(status), _answer(status))
            for status, response in operation["responses"].items():
                response["description"] = response.get("description") or _sentence(int(status))
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update({"Refusal": DETAIL, "InvalidFields": FIELDS})
    return result


def _possible(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    queries = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
    possible = set()
    if method not in {"get", "head", "options"}:
        possible |= {400, 401, 403, 409, 429}
    elif {} not in operation.get("security", [{}]):
        possible |= {401, 403}
    if queries - {"cursor"}:
        possible.add(400)
    if "{" in path or "cursor" in queries:
        possible.add(404)
    return possible


def _answer(status: int) -> dict[str, Any]:
    name = "InvalidFields" if status == 400 else "Refusal"
    return {
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
        "description": _sentence(status),
    }


def _sentence(status: int) -> str:
    return SENTENCES.get(status) or f"{HTTPStatus(status).phrase}."

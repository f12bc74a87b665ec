"""The OpenAPI schema is generated from the code and says of every address what it answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kocforum.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def schema() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema: dict) -> Iterator[tuple[str, dict]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_schema_is_valid_and_generated_without_a_warning(tmp_path, capsys):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_every_address_of_the_schema_is_one_of_version_1(schema):
    assert [path for path in schema["paths"] if not path.startswith("/api/v1/")] == []


def test_every_answer_is_described(schema):
    silent = [
        f"{name} {status}"
        for name, operation in operations(schema)
        for status, response in operation["responses"].items()
        if not response.get("description")
    ]
    assert silent == []


def test_every_operation_has_a_success_with_a_shape(schema):
    shapeless = []
    for name, operation in operations(schema):
        successes = {status: said for status, said in operation["responses"].items() if status.startswith("2")}
        if not successes or any(status != "204" and not said.get("content") for status, said in successes.items()):
            shapeless.append(name)
    assert shapeless == []


def test_every_address_of_one_thing_says_what_it_answers_when_there_is_none(schema):
    missing = [name for name, operation in operations(schema) if "{" in name and "404" not in operation["responses"]]
    assert missing == []


@pytest.fixture
def one_connection(db):
    """A request does not close the connection that the test's transaction lives in, as with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_reading_keeps_to_the_schema_whatever_is_asked(one_connection):
    """Each GET with values made up from its own schema: no error of ours, no undescribed status or shape."""
    api = schemathesis.openapi.from_wsgi("/api/schema/?format=json", app=application)
    for answer in api.get_all_operations():
        operation = answer.ok()
        if operation.method.upper() != "GET":
            continue

        @hypothesis_settings(
            max_examples=4, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        ask()


def test_an_address_that_is_none_is_refused_as_the_api_refuses(client):
    for answer in (client.get("/api/v1/threads/-1/posts/"), client.post("/api/v1/nothing/")):
        assert answer.status_code == 404
        assert list(answer.json()) == ["detail"]
    assert client.get("/api/v1/reports").headers["Location"] == "/api/v1/reports/"

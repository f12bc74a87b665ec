"""The builder as a researcher uses it: without a script, with a colleague at the same draft, with files and the bank."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.actions.bank import keep_in_bank
from tasks.models import BankQuestion, QuotaCell, Survey, Task
from tasks.queries.instruments import questionnaire_of
from tasks.queries.surveys import problems_of
from tasks.rules.notation import from_data, to_data
from tests.people import make_catalogue, make_staff
from tests.tasks.stories import drafted, make_researcher, moved
from tests.tasks.surveys import PARKING, open_survey, survey_of
from tests.tasks.test_answering import ALL_KINDS
from tests.tasks.test_pages import client_of, cost
from tests.uploads.made import photo

pytestmark = pytest.mark.django_db

NEW = "/desk/tasks/surveys/new/"


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the builder's form, without its buttons."""
    form = page[page.index('id="builder"') :]
    form = form[: form.index("</form>")]
    data: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind = re.search(r'type="(\w+)"', tag)
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or (kind and kind[1] in {"file", "submit"}):
            continue
        if kind and kind[1] in {"checkbox", "radio"} and " checked" not in tag:
            continue
        data.setdefault(name[1], []).append(
            unescape(value[1]) if value else "on" if kind and kind[1] == "checkbox" else ""
        )
    for name, words in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', form):
        data.setdefault(name, []).append(unescape(words))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        data.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    return data


class Builder:
    """One browser at the builder, without a script."""

    def __init__(self, member, path: str = NEW) -> None:
        self.client, self.path = client_of(member), path
        self.page = self.client.get(path).content.decode()

    def press(self, do: str, **typed):
        data = {
            **fields(self.page),
            **{name: value if isinstance(value, list) else [value] for name, value in typed.items()},
        }
        answer = self.client.post(self.path, {**data, "do": do})
        self.page = answer.content.decode()
        return answer

    def rows(self) -> list[str]:
        return re.findall(r'name="row" value="([^"]+)"', self.page)


def typed(row: str, **values) -> dict:
    return {f"{row}-{name.replace('__', '-')}": value for name, value in values.items()}


def items(task: Task):
    return questionnaire_of(Survey.objects.get(task=task)).items


def test_from_nothing_to_an_opened_survey_without_a_script():
    desk = Builder(make_researcher())
    (first,) = desk.rows()
    desk.press(
        "more:" + first,
        title="雨天停车",
        decision="先改最常见的。",
        **typed(first, text="用过吗？", o1__label="用过", o2__label="没用过"),
    )
    desk.press("add", **{**typed(first, o3__label="说不清", o3__words="on"), "new_type": "rating"})
    second = desk.rows()[1]
    desk.press("refresh", **typed(second, text="放心吗？", high_label="很放心", on="q1", new_page="on"))
    saved = desk.press("save", **typed(second, value=["o1"], how="in"))
    task = Task.objects.get()
    assert saved.url == f"/desk/tasks/{task.pk}/"
    assert [to_data(item) for item in items(task)] == [
        {
            "key": "q1",
            "type": "single",
            "text": "用过吗？",
            "options": [
                {"key": "o1", "label": "用过"},
                {"key": "o2", "label": "没用过"},
                {"key": "o3", "label": "说不清", "words": True},
            ],
        },
        {
            "key": "q2",
            "type": "rating",
            "text": "放心吗？",
            "page": 2,
            "scale": {"min": 1, "max": 5, "high": "很放心"},
            "show_if": {"key": "q1", "in": ["o1"]},
        },
    ]
    assert problems_of(task) == []
    assert moved(task, "open").is_open


def test_moving_copying_and_removing_keeps_keys_and_what_was_typed():
    task = survey_of(by=make_researcher())
    desk = Builder(make_researcher(), f"/desk/tasks/{task.pk}/survey/")
    used, where, calm, *_rest = desk.rows()
    desk.press(f"down:{where}", **typed(where, text="在哪里用的呢？"))
    desk.press(f"copy:{calm}")
    desk.press(f"remove:{used}")
    assert 'class="errors"' in desk.page
    desk.press("save")
    assert [item.key for item in items(task)][:2] == ["calm", "q1"]
    assert {item.key: item.text for item in items(task)}["where"] == "在哪里用的呢？"
    assert any("where" in str(one) or "在哪里" in str(one) for one in problems_of(task))


def test_every_kind_of_question_is_read_and_written_without_a_change():
    task = survey_of(ALL_KINDS, by=make_researcher())
    before = [to_data(item) for item in items(task)]
    assert Builder(make_researcher(), f"/desk/tasks/{task.pk}/survey/").press("save").status_code == 302
    assert [to_data(item) for item in items(task)] == before


def test_guesses_quotas_and_promises_are_kept():
    make_catalogue()
    desk = Builder(make_researcher())
    (row,) = desk.rows()
    saved = desk.press(
        "save",
        title="三款轮毂",
        privacy="identified",
        results="after_close",
        **typed(row, text="哪一款？", o1__label="甲", o2__label="乙", o1__guess="60", o2__guess="40%", o1__limit="9"),
        **{"cell-1-limit": "100", "cell-1-model": "S7"},
    )
    assert saved.status_code == 302, re.findall(r'class="errors?(?:list)?[^<]*<li>[^<]*', desk.page)
    survey = Survey.objects.get()
    assert survey.guess == {"q1": {"o1": 60, "o2": 40}} and survey.privacy == "identified"
    assert sorted(QuotaCell.objects.values_list("limit", "model")) == [(9, ""), (100, "S7")]
    page = client_of(make_researcher()).get(f"/desk/tasks/{survey.task_id}/survey/").content.decode()
    assert 'value="60"' in page and re.search(
        r'name="cell-1-limit"[^>]*value="100"|value="100"[^>]*name="cell-1-limit"', page
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"o1__limit": "viel"}, "不是整数"),
        ({"o1__guess": "半"}, "不是百分比"),
        ({"key": "有空格 的"}, "代号"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_question_and_nothing_is_lost(wrong, said):
    desk = Builder(make_researcher())
    (row,) = desk.rows()
    answer = desk.press("save", title="三款", **typed(row, text="哪一款？", o1__label="甲", o2__label="乙", **wrong))
    assert answer.status_code == 422 and not Task.objects.exists()
    assert said in desk.page and "哪一款？" in desk.page
    assert all(str(value) in unescape(desk.page) for value in wrong.values())


def test_two_researchers_at_one_draft_do_not_overwrite_each_other_unseen():
    task = survey_of(by=make_researcher())
    path = f"/desk/tasks/{task.pk}/survey/"
    one, two = Builder(make_researcher(), path), Builder(make_researcher("colleague"), path)
    assert one.press("save", title="第一位的标题").status_code == 302
    refused = two.press("save", title="第二位的标题")
    assert refused.status_code == 422 and "有同事改过" in two.page and "第二位的标题" in two.page
    assert Task.objects.get(pk=task.pk).title == "第一位的标题"
    assert two.press("save").status_code == 302
    assert Task.objects.get(pk=task.pk).title == "第二位的标题"


def test_pictures_of_options_stay_over_redraws_and_saving():
    desk = Builder(make_researcher())
    desk.press("add:image")
    single, image = desk.rows()
    desk.press(f"remove:{single}")
    data = {**typed(image, text="哪一款？", o1__label="甲", o2__label="乙"), "title": "轮毂"}
    for option in ("o1", "o2"):
        data[f"{image}-{option}-picture"] = SimpleUploadedFile(f"{option}.jpg", photo(), "image/jpeg")
    desk.press("refresh", **data)
    assert len(re.findall(r"-kept\" value=\"\d+\"", desk.page)) == 2
    assert desk.press("save").status_code == 302
    task = Task.objects.get()
    path = f"/desk/tasks/{task.pk}/survey/"
    again = Builder(make_researcher(), path)
    assert again.press("save").status_code == 302
    (item,) = questionnaire_of(task.survey, pictures=True).items
    assert all(one.picture for one in item.choices)


def test_the_bank_keeps_a_question_and_gives_it_to_another_survey():
    desk = Builder(make_researcher())
    (row,) = desk.rows()
    desk.press(f"bank:{row}", **typed(row, text="最近用过自动泊车吗？", o1__label="用过", o2__label="没用过"))
    kept = BankQuestion.objects.get()
    assert kept.body["options"] == [{"key": "o1", "label": "用过"}, {"key": "o2", "label": "没用过"}]
    other = Builder(make_researcher())
    assert "最近用过自动泊车吗？" in other.page
    other.press(f"take:{kept.pk}", title="别的")
    assert other.page.count("最近用过自动泊车吗？") >= 2 and len(other.rows()) == 2
    bank = client_of(make_researcher())
    assert "最近用过" in bank.get("/desk/tasks/surveys/bank/?q=泊车").content.decode()
    assert "最近用过" not in bank.get("/desk/tasks/surveys/bank/?q=充电").content.decode()
    bank.post("/desk/tasks/surveys/bank/", {"out": kept.pk})
    assert not BankQuestion.objects.exists()


def test_a_question_that_cannot_be_asked_does_not_enter_the_bank():
    desk = Builder(make_researcher())
    (row,) = desk.rows()
    answer = desk.press(f"bank:{row}", **typed(row, text="", o1__label="甲"))
    assert answer.status_code == 200 and not BankQuestion.objects.exists()
    assert "这道题还没有写" in desk.page or "errors" in desk.page


def test_questions_leave_and_come_as_json():
    task = survey_of(by=make_researcher())
    file = client_of(make_researcher()).get(f"/desk/tasks/{task.pk}/survey.json")
    assert "attachment" in file["Content-Disposition"]
    said = json.loads(file.content)
    assert [one["key"] for one in said["questions"]] == [one["key"] for one in PARKING]
    desk = Builder(make_researcher())
    (row,) = desk.rows()
    desk.press(f"remove:{row}")
    desk.press("import", import_file=SimpleUploadedFile("a.json", b"\xef\xbb\xbf" + file.content, "application/json"))
    assert desk.press("save", title="借来的问题").status_code == 302
    again = [to_data(item) for item in items(Task.objects.latest("pk"))]
    assert again[1].pop("show_if") == {"key": "used", "in": ["yes"]}
    assert again == [{name: one[name] for name in one if name != "show_if"} for one in said["questions"]]


def test_keys_that_are_taken_are_renamed_with_the_conditions_that_name_them():
    task = survey_of(by=make_researcher())
    desk = Builder(make_researcher(), f"/desk/tasks/{task.pk}/survey/")
    desk.press("import", import_text=json.dumps(PARKING))
    assert desk.press("save").status_code == 302
    by_key = {item.key: item for item in items(task)}
    assert by_key["where_2"].show_if == {"key": "used_2", "in": ["yes"]} and problems_of(task) == []


@pytest.mark.parametrize(
    "text", ['[{"key": 1,', '{"a": 1}', "[1]", '[{"key": "q", "type": "single", "options": 4}]', "[" * 9000]
)
def test_what_is_no_json_says_where_and_loses_nothing(text):
    desk = Builder(make_researcher())
    (row,) = desk.rows()
    answer = desk.press("import", import_text=text, title="别丢了我", **typed(row, text="也别丢了我"))
    assert answer.status_code == 200 and "别丢了我" in desk.page and "也别丢了我" in desk.page
    assert 'class="errorlist"' in desk.page and len(desk.rows()) == 1


def test_the_next_wave_begins_with_the_same_questions_under_the_same_keys():
    task = moved(open_survey(), "closed")
    desk = Builder(make_researcher(), f"{NEW}?parent={task.pk}")
    assert desk.press("save").status_code == 302
    wave = Task.objects.latest("pk")
    assert wave.parent == task and [one.key for one in items(wave)] == [one.key for one in items(task)]
    assert f"{NEW}?parent={task.pk}" in client_of(make_researcher()).get(f"/desk/tasks/{task.pk}/").content.decode()


def test_the_phone_shows_what_is_typed_and_stores_nothing():
    desk = Builder(make_researcher())
    (row,) = desk.rows()
    data = {**fields(desk.page), **typed(row, text="看得见吗？", o1__label="看得见", o2__label="看不见")}
    shown = desk.client.post("/desk/tasks/surveys/preview/", data).content.decode()
    assert "看得见吗？" in shown and "看不见" in shown and not Task.objects.exists()


def test_a_poll_stays_on_its_short_page_and_a_survey_goes_to_the_builder():
    poll, survey = drafted(), survey_of()
    desk = client_of(make_researcher())
    assert f"/desk/tasks/{poll.pk}/poll/" in desk.get(f"/desk/tasks/{poll.pk}/").content.decode()
    assert f"/desk/tasks/{survey.pk}/survey/" in desk.get(f"/desk/tasks/{survey.pk}/").content.decode()
    assert desk.get(f"/desk/tasks/{survey.pk}/poll/").url == f"/desk/tasks/{survey.pk}/survey/"


def test_only_researchers_build_and_only_drafts():
    survey, live, operator = survey_of(), open_survey(), make_staff("operator")
    for path in (
        NEW,
        "/desk/tasks/surveys/bank/",
        f"/desk/tasks/{survey.pk}/survey/",
        f"/desk/tasks/{survey.pk}/survey.json",
    ):
        assert client_of(operator).get(path).status_code == 404
        assert client_of().get(path).status_code in {302, 404}
    assert client_of(make_researcher()).get(f"/desk/tasks/{live.pk}/survey/").status_code == 404
    assert client_of(make_researcher()).get(f"/desk/tasks/{live.pk}/survey.json").status_code == 200


def test_a_hostile_page_is_answered_with_a_page():
    client = client_of(make_researcher())
    for data in (
        {"do": "up:zzz", "row": ["a", "a", "b"]},
        {"do": "drop:a:b:c", "row": "a", "a-type": "nonsense"},
        {"do": "take:99999999999999999999"},
        {"do": "add:<script>", "row": "a", "a-low": "1e9", "a-type": "rating"},
        {"do": "save", "row": "a", "a-type": "multiple", "a-option": "x", "a-x-kept": "9" * 40, "a-x-label": "\x00"},
        {"do": "bank:a", "row": "a", "a-on": "a", "a-value": ["x"]},
    ):
        assert client.post(NEW, data).status_code in {200, 422}


def test_queries_of_the_builder():
    make_catalogue()
    task = survey_of(ALL_KINDS, by=make_researcher())
    keep_in_bank(by=make_researcher(), item=from_data(PARKING)[0])
    desk = client_of(make_researcher())
    assert cost(desk, f"/desk/tasks/{task.pk}/survey/") <= 22
    assert cost(desk, NEW) <= 14
    assert cost(desk, "/desk/tasks/surveys/bank/") <= 8

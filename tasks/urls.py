"""Addresses of tasks."""

from django.urls import path

from .api import calls as calls_api
from .api import entries as entries_api
from .api import exports as exports_api
from .api import responses as responses_api
from .api import results as results_api
from .api import surveys as surveys_api
from .api import tasks as tasks_api
from .enums import TaskState
from .views import (
    advice,
    answering,
    bank,
    builder,
    calls,
    desk,
    entries,
    exports,
    inbox,
    results,
    surveys,
    tasks,
    tryout,
    wordings,
    writing,
)

urlpatterns = [
    path("tasks/", inbox.inbox, name="tasks"),
    path("tasks/budget/", inbox.budget, name="task_budget"),
    path("tasks/beside/<int:pk>/", tasks.beside, name="tasks_beside"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/answer/", surveys.answer, name="task_answer"),
    path("tasks/<int:pk>/survey/", answering.answer_pages, name="survey"),
    path("tasks/<int:pk>/withdraw/", answering.withdraw, name="task_withdraw"),
    path("tasks/<int:pk>/results/", surveys.results, name="task_results"),
    path("tasks/<int:pk>/decline/", tasks.decline_task, name="task_decline"),
    path("tasks/<int:pk>/write/", writing.begin, name="call_write"),
    path("tasks/<int:pk>/entries/", entries.entries, name="entries"),
    path("tasks/<int:pk>/entries/<int:entry>/", entries.entry, name="entry"),
    path("tasks/<int:pk>/entries/<int:entry>/versions/", entries.versions, name="entry_versions"),
    path("tasks/<int:pk>/entries/<int:entry>/reply/", entries.reply, name="entry_reply"),
    path("tasks/<int:pk>/entries/<int:entry>/replies/<int:reply>/", entries.edit, name="reply_edit"),
    path("tasks/<int:pk>/entries/<int:entry>/lead/", entries.lead, name="entry_lead"),
    path("tasks/<int:pk>/entries/<int:entry>/judge/", entries.judge, name="entry_judge"),
    path("tasks/<int:pk>/entries/<int:entry>/write/", writing.write, name="entry_write"),
    path("tasks/<int:pk>/entries/<int:entry>/save/", writing.save, name="entry_save"),
    path("tasks/<int:pk>/entries/<int:entry>/saves/", writing.saves, name="entry_saves"),
    path("tasks/<int:pk>/entries/<int:entry>/aside/", writing.drop, name="entry_aside"),
    path("tasks/<int:pk>/entries/<int:entry>/writers/", writing.writers, name="entry_writers"),
    path("tasks/<int:pk>/entries/<int:entry>/rights/", writing.rights, name="entry_rights"),
    path("tasks/<int:pk>/entries/<int:entry>/withdraw/", writing.withdraw, name="entry_withdraw"),
    path("desk/tasks/", desk.tasks, name="task_desk"),
    path("desk/tasks/advisor/", advice.ask, name="advisor"),
    path("desk/tasks/advisor/record/", advice.record, name="advisor_record"),
    path("desk/tasks/advisor/<int:pk>/", advice.advice, name="advice"),
    path("desk/tasks/polls/new/", surveys.new, name="poll_new"),
    path("desk/tasks/calls/new/", calls.new, name="call_new"),
    path("desk/tasks/surveys/new/", builder.new, name="survey_new"),
    path("desk/tasks/surveys/preview/", builder.preview, name="survey_preview"),
    path("desk/tasks/surveys/bank/", bank.questions, name="question_bank"),
    path("desk/tasks/<int:pk>/survey/", builder.edit, name="survey_edit"),
    path("desk/tasks/<int:pk>/survey.json", builder.as_json, name="survey_json"),
    path("desk/tasks/<int:pk>/", desk.task, name="desk_task"),
    path("desk/tasks/<int:pk>/poll/", surveys.edit, name="poll_edit"),
    path("desk/tasks/<int:pk>/call/", calls.edit, name="call_edit"),
    path("desk/tasks/<int:pk>/call/steer/", calls.steer, name="call_steer"),
    path("desk/tasks/<int:pk>/results/", results.results, name="desk_results"),
    path("desk/tasks/<int:pk>/export/", exports.export, name="survey_export"),
    path("desk/tasks/<int:pk>/words/", wordings.words, name="survey_words"),
    path("desk/tasks/<int:pk>/try/", tryout.try_out, name="survey_try"),
    path("desk/tasks/<int:pk>/move/<slug:to>/", desk.move, name="task_move"),
    path("desk/tasks/<int:pk>/inviting/", desk.inviting, name="task_inviting"),
    path("desk/tasks/<int:pk>/remind/", desk.remind, name="task_remind"),
]

api_urlpatterns = [
    path("tasks/", tasks_api.Inbox.as_view(), name="api-tasks"),
    path("calls/", calls_api.CallList.as_view(), name="api-calls"),
    path("calls/<int:pk>/", calls_api.CallDetail.as_view(), name="api-call"),
    path("calls/<int:pk>/open/", calls_api.CallMove.as_view(), name="api-call-open"),
    path("calls/<int:pk>/close/", calls_api.CallMove.as_view(to=TaskState.CLOSED), name="api-call-close"),
    path("calls/<int:pk>/reveal/", calls_api.CallReveal.as_view(), name="api-call-reveal"),
    path("calls/<int:pk>/entries/", entries_api.Entries.as_view(), name="api-entries"),
    path("calls/<int:pk>/entries/<int:entry>/", entries_api.EntryDetail.as_view(), name="api-entry"),
    path("calls/<int:pk>/entries/<int:entry>/replies/", entries_api.Replies.as_view(), name="api-replies"),
    path("surveys/", surveys_api.SurveyList.as_view(), name="api-surveys"),
    path("surveys/<int:pk>/", surveys_api.SurveyDetail.as_view(), name="api-survey"),
    path("surveys/<int:pk>/open/", surveys_api.SurveyMove.as_view(), name="api-survey-open"),
    path("surveys/<int:pk>/close/", surveys_api.SurveyMove.as_view(to=TaskState.CLOSED), name="api-survey-close"),
    path("surveys/<int:pk>/responses/", responses_api.Responses.as_view(), name="api-responses"),
    path("surveys/<int:pk>/export/", exports_api.SurveyExport.as_view(), name="api-survey-export"),
    path("surveys/<int:pk>/results/", results_api.SurveyResults.as_view(), name="api-survey-results"),
]

"""Addresses of the forum."""

from django.urls import path

from .api import catalogue as catalogue_api
from .api import corroborations as corroborations_api
from .api import posts as posts_api
from .api import reports as reports_api
from .api import topics as topics_api
from .views import boards, corroborations, hosting, official, posters, posts, reports, threads, topics

urlpatterns = [
    path("boards/", boards.boards, name="boards"),
    path("boards/<slug:slug>/", boards.board, name="board"),
    path("boards/<slug:slug>/new/", threads.new_thread, name="thread_new"),
    path("t/<int:pk>/", threads.thread, name="thread"),
    path("t/<int:pk>/reply/", threads.reply, name="thread_reply"),
    path("t/<int:pk>/follow/", threads.follow_thread, name="thread_follow"),
    path("t/<int:pk>/official/", official.answer, name="official_answer"),
    path("t/<int:pk>/newer/<int:number>/", threads.newer_posts, name="newer_posts"),
    path("t/<int:pk>/<int:number>/", posts.post, name="post"),
    path("t/<int:pk>/<int:number>/menu/", posts.post_menu, name="post_menu"),
    path("t/<int:pk>/<int:number>/edit/", posts.edit, name="post_edit"),
    path("t/<int:pk>/<int:number>/withdraw/", posts.remove, name="post_remove"),
    path("t/<int:pk>/<int:number>/flag/", posts.flag, name="post_flag"),
    path("t/<int:pk>/<int:number>/history/", posts.history, name="post_history"),
    path("reports/new/", reports.new_report, name="report_new"),
    path("reports/new/modes/", reports.failure_modes, name="report_modes"),
    path("reports/<int:pk>/", reports.to_thread, name="report"),
    path("reports/<int:pk>/improve/", reports.improve, name="report_improve"),
    path("reports/<int:pk>/history/", reports.history, name="report_history"),
    path("reports/<int:pk>/edit/<slug:field>/", reports.amend, name="report_amend"),
    path("reports/<int:pk>/corroborate/", corroborations.corroborate, name="corroborate"),
    path("t/<int:pk>/<int:number>/collect/", hosting.passage, name="passage_new"),
    path("reports/<int:pk>/poster.png", posters.report_poster, name="report_poster"),
    path("topics/<int:pk>/poster.png", posters.topic_poster, name="topic_poster"),
    path("topics/", topics.topics, name="topics"),
    path("topics/new/", topics.new_topic, name="topic_new"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/<int:pk>/claim/", topics.claim, name="topic_claim"),
    path("topics/<int:pk>/summary/", topics.summary, name="topic_summary"),
    path("topics/<int:pk>/link/", topics.link, name="topic_link"),
    path("topics/<int:pk>/unlink/<int:report>/", topics.unlink, name="topic_unlink"),
    path("topics/<int:pk>/host/", topics.host, name="topic_host"),
    path("topics/<int:pk>/close/", topics.close, name="topic_close"),
    path("topics/<int:pk>/history/", topics.history, name="topic_history"),
    path("topics/<int:pk>/tray/", hosting.tray, name="topic_tray"),
    path("topics/<int:pk>/ask/<int:post>/", hosting.ask, name="topic_ask"),
    path("me/invitations/<int:pk>/", topics.invitation, name="host_invitation"),
    path("me/questions/", hosting.questions, name="questions"),
    path("me/questions/<int:pk>/", hosting.answer, name="question"),
]

api_urlpatterns = [
    path("boards/", posts_api.BoardList.as_view(), name="api-boards"),
    path("threads/", posts_api.ThreadList.as_view(), name="api-threads"),
    path("threads/<int:pk>/", posts_api.ThreadDetail.as_view(), name="api-thread"),
    path("threads/<int:pk>/posts/", posts_api.PostList.as_view(), name="api-posts"),
    path("posts/<int:pk>/", posts_api.PostDetail.as_view(), name="api-post"),
    path("dimensions/", catalogue_api.DimensionList.as_view(), name="api-dimensions"),
    path("reports/", reports_api.ReportList.as_view(), name="api-reports"),
    path("reports/<int:pk>/", reports_api.ReportDetail.as_view(), name="api-report"),
    path("reports/<int:pk>/history/", reports_api.ReportHistory.as_view(), name="api-report-history"),
    path("reports/<int:pk>/corroborations/", corroborations_api.CorroborationList.as_view(), name="api-corroborations"),
    path(
        "reports/<int:pk>/corroborations/history/",
        corroborations_api.ReportCorroborationHistory.as_view(),
        name="api-corroborations-history",
    ),
    path(
        "reports/<int:pk>/corroborations/<int:corroboration>/",
        corroborations_api.CorroborationDetail.as_view(),
        name="api-corroboration",
    ),
    path(
        "reports/<int:pk>/corroborations/<int:corroboration>/history/",
        corroborations_api.CorroborationHistory.as_view(),
        name="api-corroboration-history",
    ),
    path("topics/", topics_api.TopicList.as_view(), name="api-topics"),
    path("topics/<int:pk>/", topics_api.TopicDetail.as_view(), name="api-topic"),
    path("topics/<int:pk>/reports/", topics_api.TopicReports.as_view(), name="api-topic-reports"),
    path("topics/<int:pk>/lens/", topics_api.TopicLens.as_view(), name="api-topic-lens"),
]

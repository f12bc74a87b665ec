"""A bare Django page: the usual middleware, no database, `/<bytes>` answers that many. The ceiling of `bench_pages.py`.

`bare_page:application` for a WSGI server; run as a script it serves itself as the embedded server does.
"""

from __future__ import annotations

import random
import secrets
import string
import sys
from functools import cache

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY=secrets.token_urlsafe(32),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)


@cache
def filled(size: int) -> str:
    return "".join(random.Random(size).choices(string.ascii_letters + " <>/\n", k=size))


def page(request, size: int) -> HttpResponse:
    return HttpResponse(filled(size))


urlpatterns = [path("<int:size>", page)]
application = get_wsgi_application()

if __name__ == "__main__":
    import uvicorn
    from a2wsgi import WSGIMiddleware

    uvicorn.run(
        WSGIMiddleware(application, workers=4),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        server_header=False,
    )

"""Pages: Django's WSGI handler, as granian and the embedded server call it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")
application = get_wsgi_application()

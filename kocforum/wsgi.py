"""Pages: Django's WSGI handler, as granian and the embedded server call it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")
gc.disable()  # what is imported stays: looking through it again and again is an eighth of the start
application = get_wsgi_application()

# Thousands of answers are read for one page; at the usual pace the collector would walk through all of Django meanwhile.
gc.enable()
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)

from django.urls import path

from .api import SearchView
from .views import search

urlpatterns = [path("search/", search, name="search")]
api_urlpatterns = [path("search/", SearchView.as_view(), name="api-search")]

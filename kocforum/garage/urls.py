"""Addresses of the garage."""

from django.urls import path

from . import api, views

urlpatterns = [
    path("me/garage/", views.garage, name="garage"),
    path("me/garage/new/", views.add, name="vehicle_new"),
    path("me/garage/<int:pk>/", views.edit, name="vehicle"),
    path("me/garage/<int:pk>/version/", views.version, name="vehicle_version"),
    path("me/garage/<int:pk>/default/", views.default, name="vehicle_default"),
    path("me/garage/<int:pk>/leave/", views.leave, name="vehicle_leave"),
]

api_urlpatterns = [
    path("vehicles/", api.VehicleList.as_view(), name="api-vehicles"),
    path("vehicles/<int:pk>/", api.VehicleDetail.as_view(), name="api-vehicle"),
    path("models/", api.VehicleModelList.as_view(), name="api-models"),
    path("functions/", api.FunctionList.as_view(), name="api-functions"),
]

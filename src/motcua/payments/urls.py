"""Addresses where one pays, and where the gateway tells of it."""

from django.urls import path

from motcua.payments import views

app_name = "payments"

urlpatterns = [
    path("pay/notices/gateway/", views.notice, name="notice"),
    path("pay/together/", views.together, name="together"),
    path("pay/together/<uuid:pk>/", views.bundle, name="bundle"),
    path("pay/together/<uuid:pk>/start/", views.start_bundle, name="start_bundle"),
    path("pay/together/<uuid:pk>/back/", views.back_bundle, name="back_bundle"),
    path("pay/<uuid:pk>/", views.pay, name="pay"),
    path("pay/<uuid:pk>/start/", views.start, name="start"),
    path("pay/<uuid:pk>/back/", views.back, name="back"),
]

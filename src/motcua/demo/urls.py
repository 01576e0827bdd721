"""Addresses only the demo has."""

from django.urls import path

from motcua.demo import views

urlpatterns = [
    path("account/login/", views.sign_in, name="demo_sign_in"),
    path("demo/mails/", views.mails, name="demo_mails"),
    path("demo/mails/<str:name>", views.mail, name="demo_mail"),
]

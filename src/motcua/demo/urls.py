"""Addresses only the demo has."""

from django.urls import path

from motcua.demo import confirming, paying, views

urlpatterns = [
    path("account/login/", views.sign_in, name="demo_sign_in"),
    path("demo/gateway/", paying.pay, name="demo_gateway"),
    path("demo/gateway/api/", paying.api, name="demo_gateway_api"),
    path("demo/gateway/ledger/", paying.ledger, name="demo_ledger"),
    path("demo/gateway/tell/", paying.tell, name="demo_tell"),
    path("demo/gateway/statement/", paying.state, name="demo_state"),
    path("demo/gateway/transfer/", paying.transfer, name="demo_transfer"),
    path("demo/signing/api/<str:what>/", confirming.api, name="demo_signing_api"),
    path("demo/signing/<str:transaction>/", confirming.confirm, name="demo_signing"),
    path("demo/mails/", views.mails, name="demo_mails"),
    path("demo/mails/<str:name>", views.mail, name="demo_mail"),
]

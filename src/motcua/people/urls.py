"""Addresses of sign-in and of one's own account; of the account library only what the state needs."""

from allauth.account import views as account
from django.urls import include, path

from motcua.people import views

urlpatterns = [
    path("account/", views.account, name="account_home"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/2fa/", include("allauth.mfa.urls")),
    # Last of all: where a front door is switched on, its own page stands at this address.
    path("", views.node_home, name="node_home"),
]

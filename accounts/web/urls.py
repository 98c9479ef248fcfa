"""URLs of the sign-in, the user's own account and the inbox."""

from django.urls import path

from accounts.web import inbox, my_account, own_mail, own_phone, reauthentication, sign_in, views

urlpatterns = [
    path("sign-in/phone", sign_in.by_code, name="sign-in-by-code"),
    path("sign-in/code", sign_in.code, name="sign-in-code"),
    path("sign-in/second", sign_in.second_step, name="second-step"),
    path("sign-out", views.SignOut.as_view(), name="sign-out"),
    path("password", views.ChangePassword.as_view(), name="password"),
    path("switch/<uuid:membership_id>", views.switch, name="switch"),
    path("language", views.choose_language, name="language"),
    path("me", my_account.me, name="me"),
    path("me/phone", own_phone.own_phone, name="own-phone"),
    path("me/mail", own_mail.own_mail, name="own-mail"),
    path("me/mail/proof/<str:token>", own_mail.own_mail_proof, name="own-mail-proof"),
    path("me/again", reauthentication.own_password, name="own-password"),
    path("me/devices", my_account.my_devices, name="devices"),
    path("me/devices/<uuid:device_id>/end", my_account.end_device, name="device-end"),
    path("me/devices/end-all", my_account.end_everywhere, name="devices-end"),
    path("me/second-factor", my_account.my_second_factor, name="second-factor"),
    path("me/second-factor/begin", my_account.begin_second_factor, name="second-factor-begin"),
    path("me/second-factor/on", my_account.second_factor_on, name="second-factor-on"),
    path("me/messages", inbox.preferences, name="message-preferences"),
    path("inbox", inbox.inbox, name="inbox"),
    path("m/inbox", inbox.inbox, name="member-inbox"),
    path("inbox/read-all", inbox.read_all, name="inbox-read-all"),
    path("inbox/<uuid:message_id>", inbox.open_message, name="message-open"),
]

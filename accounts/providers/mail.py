"""The provider of mail."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.providers.base import Address, Outcome, Text


class Mail:
    """Send mail by Django: SMTP, or the console in development (EMAIL_URL)."""

    def send(self, address: Address, text: Text) -> Outcome:
        subject = " ".join(text.title.split())
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
        mail = EmailMessage(
            subject=subject,
            body="\n\n".join(part for part in (text.body or text.title, text.link) if part),
            to=[address.value],
            headers={"Message-ID": f"<{text.id}@{domain}>", "Auto-Submitted": "auto-generated"},
        )
        try:
            mail.send()
        except SMTPRecipientsRefused as error:
            codes = [code for code, _reply in error.recipients.values()]
            return Outcome(False, again=all(400 <= code < 500 for code in codes), detail=str(codes))
        except SMTPResponseException as error:
            return Outcome(False, again=error.smtp_code < 500, detail=f"SMTP {error.smtp_code}")
        except (SMTPException, OSError) as error:
            return Outcome(False, again=True, detail=type(error).__name__)
        except ValueError as error:
            return Outcome(False, detail=str(error))
        return Outcome(True)

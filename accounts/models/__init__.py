from accounts.models.message import Delivery, Hook, Message, Preference
from accounts.models.sign_in import BackupCode, Device, SignInCode, SignInPolicy
from accounts.models.user import User

__all__ = [
    "BackupCode",
    "Delivery",
    "Device",
    "Hook",
    "Message",
    "Preference",
    "SignInCode",
    "SignInPolicy",
    "User",
]

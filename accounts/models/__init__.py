from accounts.models.letter import Letter
from accounts.models.message import Delivery, Hook, Message, Preference
from accounts.models.sign_in import BackupCode, Device, SignInCode, SignInPolicy
from accounts.models.user import User

__all__ = [
    "BackupCode",
    "Delivery",
    "Device",
    "Hook",
    "Letter",
    "Message",
    "Preference",
    "SignInCode",
    "SignInPolicy",
    "User",
]

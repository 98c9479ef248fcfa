from integrations.models.api_key import ApiKey, Why
from integrations.models.idempotency import IdempotencyRecord

__all__ = ["ApiKey", "IdempotencyRecord", "Why"]

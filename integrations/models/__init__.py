from integrations.models.api_key import ApiKey
from integrations.models.idempotency import IdempotencyRecord

__all__ = ["ApiKey", "IdempotencyRecord"]

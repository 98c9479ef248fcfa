from integrations.models.api_key import ApiKey, KeyEndReason
from integrations.models.idempotency import IdempotencyRecord

__all__ = ["ApiKey", "IdempotencyRecord", "KeyEndReason"]

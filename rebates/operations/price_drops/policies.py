"""Set what a seller compensates when its prices fall."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from kernel.refusals import Refusal
from rebates.audit_actions import PriceDropAction
from rebates.models import PriceProtectionPolicy
from tenancy.context import joined_transaction


class InvalidPolicy(Refusal):
    code = "bad_policy"


def set_policy(*, policy: PriceProtectionPolicy, by: Actor, at: datetime) -> PriceProtectionPolicy:
    """Save the policy of the actor's own sales. Drops that were published before keep their terms.

    Raise InvalidPolicy.
    """
    by.must("price_drop.policy")
    assert by.party_id is not None
    with joined_transaction():
        stored = PriceProtectionPolicy.objects.select_for_update().filter(seller_id=by.party_id).first()
        if stored is not None:
            policy.id = stored.id
        policy.seller_id = by.party_id
        try:
            policy.full_clean(exclude=["tenant", "seller"], validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            field, messages = next(iter(error.message_dict.items()))
            raise InvalidPolicy(str(messages[0]), field=field) from error
        if policy.min_amount < 0 or (policy.cap is not None and policy.cap < 0):
            field = "min_amount" if policy.min_amount < 0 else "cap"
            raise InvalidPolicy(_("This may not be negative."), field=field)
        policy.save(force_update=stored is not None, force_insert=stored is None)
        facts = policy.terms() | {"is_active": policy.is_active}
        record(PriceDropAction.SET_POLICY, policy, by=by, at=at, **facts)
    return policy

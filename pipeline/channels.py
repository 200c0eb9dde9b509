"""By which of an agency's contacts a pack may be sent: what the plan, the register and the letters go by (SEND-4, SEND-5)."""

from collections.abc import Iterator

from pipeline.agency import AgencyKind
from pipeline.plan import AgencyPlan, Plan
from pipeline.protocol.marking import Marking, compiled
from pipeline.protocol.sending import is_no_secure_address, is_not_cleared, is_secure_only


def marking_of_pack(plan: Plan, agency: AgencyPlan) -> Marking:
    """Return the marking of an agency's pack: the highest of its cases, and of anything compiled (MARK-4)."""
    going = (share.case.marking for share in agency.shares if share.view and share.case.marking)
    return compiled(plan.area.settings.scheme, going)


def secure_only(plan: Plan, agency: AgencyPlan) -> bool:
    """Say whether an agency's pack goes to secure addresses only (SEND-5)."""
    trusts = {one.name for one in plan.area.agencies if one.kind is AgencyKind.MENTAL_HEALTH}
    return any(
        is_secure_only(one.case.checked, trusts, minutes=one.sight.minutes)
        for one in agency.shares
        if one.view and one.case.checked
    )


def closed(plan: Plan, agency: AgencyPlan) -> Iterator[tuple[str, str, str]]:
    """Yield (named contact, rule, why) for each contact whose channel may not carry the pack of an agency that gets one."""
    if not agency.goes:
        return
    marking, secure = marking_of_pack(plan, agency), secure_only(plan, agency)
    for contact in agency.agency.spocs:
        if why := is_no_secure_address(contact, secure_only=secure):
            yield contact.name, "SEND-5", why
        elif why := is_not_cleared(marking, contact, plan.day):
            yield contact.name, "SEND-4", why

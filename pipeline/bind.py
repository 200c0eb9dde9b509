"""Documents → Pack: the manifest and papers of each agency's pack."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forms.answers import long_date
from keys.directory import Entry as KeyEntry
from pipeline.agency import Agency
from pipeline.area import Panel
from pipeline.blocks import Paper, Stamp
from pipeline.channels import marking_of_pack, secure_only
from pipeline.manifest import (
    DecisionPart,
    Manifest,
    MeetingPart,
    SenderPart,
    SpocPart,
    WithheldPart,
    WitnessPart,
)
from pipeline.meeting import Meeting
from pipeline.pack import Member
from pipeline.papers.agenda import agenda
from pipeline.papers.attendance import attendance
from pipeline.papers.cover import cover
from pipeline.plan import AgencyPlan, CasePlan, Plan, decisions_for
from pipeline.protocol.consent import purpose_statement
from pipeline.protocol.minutes import to_sign
from pipeline.protocol.recipients import is_bound
from pipeline.protocol.records import without_story
from pipeline.protocol.rulebook import RULES
from pipeline.protocol.scrub import without_people, without_reference
from pipeline.protocol.sharing import reads_reasons, withheld_from
from pipeline.protocol.timing import exempt
from pipeline.register import BEGINNING, Head
from pipeline.render import Drawn, page
from pipeline.view import SharedView


@dataclass(frozen=True)
class Draft:
    """An agency's pack before it has a number: everything that makes it what it is.

    Attributes:
        keys: the SPOCs' keys that it is sealed for.
        recovery: the area's recovery key, if it is sealed for that too.
        content: SHA-256 over all of that; two runs over the same give the same.
        repeats: references of the cases that come back.
        attendance: the agency's own lines of the register of attendance.
        secure_only: it goes to secure addresses only (SEND-5).
        decided: the decisions that bear on it, as the register keeps them: the manifest tells what its agency may know of them.
    """

    plan: AgencyPlan
    keys: tuple[KeyEntry, ...]
    recovery: KeyEntry | None
    manifest: Manifest = field(repr=False)
    content: str
    repeats: frozenset[str]
    attendance: Paper = field(repr=False)
    secure_only: bool
    decided: tuple[DecisionPart, ...] = ()

    @property
    def opened_by(self) -> tuple[KeyEntry, ...]:
        """Every key that opens it."""
        return (*self.keys, *([self.recovery] if self.recovery else []))

    @property
    def agency(self) -> Agency:
        """The agency that it is for."""
        return self.plan.agency

    @property
    def views(self) -> tuple[SharedView, ...]:
        """The cases of which it has papers, as the agency may see them."""
        return self.plan.views

    @property
    def cases(self) -> tuple[str, ...]:
        """The references of all cases in it, those for a check of records too."""
        return tuple(view.case for view in self.plan.seen)


def draft(
    plan: Plan, agency: AgencyPlan, keys: Sequence[KeyEntry], signing_key: str, recovery: KeyEntry | None = None
) -> Draft:
    """Return an agency's pack as planned, without number and papers.

    Args:
        plan: the meeting's.
        agency: one of its agencies that goes.
        keys: the keys to seal for, all of one kind.
        signing_key: the sender's, as an OpenSSH line.
        recovery: the area's recovery key, of the same kind, if the pack is to be opened with it too.
    """
    panel = plan.area.settings.panels[plan.meeting.panel]
    sender = plan.area.settings.sender
    going = [share.case for share in agency.shares if share.view]
    decided = tuple(_decided(plan, agency))
    manifest = Manifest(
        pack="P-0000-0000",
        made=plan.day,
        agency=agency.agency.id,
        agency_name=agency.agency.name,
        sender=SenderPart(
            agency=sender.agency, agency_name=plan.area.agency(sender.agency).name, name=sender.name, role=sender.role,
            telephone=sender.telephone, email=sender.email, signing_key=signing_key,
        ),
        spocs=tuple(SpocPart(name=key.spoc, fingerprint=key.fingerprint) for key in keys),
        meeting=meeting_part(panel, plan.meeting),
        marking=marking_of_pack(plan, agency).words,
        purpose=purpose_statement(panel, long_date(plan.keep_until)),
        expected=panel.expected,
        basis=_bases(panel.basis, going, agency.agency),
        keep_until=plan.keep_until,
        withheld=tuple(
            part for one in agency.shares if one.view for part in _withheld(one.view, papers=not one.case.check)
        ),
        decisions=tuple(_as_told(decided, agency)),
        notices=tuple(_notices(plan, agency)),
        recovery=SpocPart(name=recovery.spoc, fingerprint=recovery.fingerprint) if recovery else None,
    )  # fmt: skip
    repeats = frozenset(case.reference for case in going if case.case.repeat)
    sheet = attendance(
        manifest.meeting,
        manifest.marking,
        manifest.sender.agency_name,
        to_sign(plan.meeting, [(agency.agency, [view.case for view in agency.seen])]),
    )
    secure = secure_only(plan, agency)
    content = _content(manifest, agency, repeats, secure_only=secure)
    return Draft(agency, tuple(keys), recovery, manifest, content, repeats, sheet, secure, decided)


def meeting_part(panel: Panel, meeting: Meeting) -> MeetingPart:
    """Return a meeting as papers tell of it."""
    return MeetingPart(
        id=meeting.id, title=panel.title, date=meeting.date, time=(meeting.time or panel.time).strftime("%H:%M"),
        place=meeting.place or panel.place, chair=f"{meeting.chair.name}, {meeting.chair.role}", emergency=meeting.emergency,
    )  # fmt: skip


def _bases(panel_basis: str, going: Sequence[CasePlan], agency: Agency) -> tuple[str, ...]:
    """Return the panel's basis and those of the cases; section 325 is none towards an agency without the duty (PURPOSE-2)."""
    own = [case.basis for case in going]
    fits = is_bound(agency) or not re.search(r"\b325\b", panel_basis)
    return tuple(dict.fromkeys([panel_basis, *own] if fits or not own else own))


def _withheld(view: SharedView, *, papers: bool) -> list[WithheldPart]:
    if not papers:
        label = RULES["SHARE-12"].label
        return [WithheldPart(case=view.case, rule="SHARE-12", label=label, questions=("All papers",))]
    return [
        WithheldPart(case=view.case, rule=rule, label=RULES[rule].label, questions=questions)
        for rule, questions in withheld_from(view).items()
    ]


def _decided(plan: Plan, agency: AgencyPlan) -> Iterator[DecisionPart]:
    """Yield the decisions that bear on a pack; their reasons name nobody of any case, nor another case (SHARE-4)."""
    here = {view.case for view in agency.seen}
    everybody = plan.known()
    for one in decisions_for(agency):
        reason = without_story(one.reason, lambda text: without_people(text, everybody))
        for case in plan.cases:
            if case.reference not in here:
                reason = without_reference(reason, case.reference)
        yield DecisionPart(
            rule=one.rule,
            label=RULES[one.rule].label,
            case=one.case or "",
            by=one.by,
            role=one.role,
            on=one.on,
            reason=reason,
        )


def _as_told(decided: Sequence[DecisionPart], agency: AgencyPlan) -> Iterator[DecisionPart]:
    """Yield decisions as an agency may know of them.

    Which rule was set aside for a case, and why, can tell what is withheld: both go only to those who have the free text of the
    case (SHARE-11). The others are told that somebody decided; of a rule on their own pack, which one it was.
    """
    reads = {share.case.reference for share in agency.shares if share.view and reads_reasons(share.sight)}
    own = {found.rule for share in agency.shares for found in share.findings}
    for one in decided:
        if not one.case or one.case in reads:
            yield one
        elif one.rule in own:
            yield one.model_copy(update={"reason": _NOT_TOLD})
        else:
            yield one.model_copy(update={"rule": "A rule", "label": _WHICH, "reason": _NOT_TOLD})


_NOT_TOLD = "Not shared with your agency (SHARE-11)."
_WHICH = "which one is not shared with your agency (SHARE-11)"


def _notices(plan: Plan, agency: AgencyPlan) -> Iterator[str]:
    if exempt(plan.meeting):
        yield "This is an emergency meeting: the usual lead times do not hold."
    if agency.invitation:
        agreed = not any(one.rule == "SHARE-10" for share in agency.shares for one in share.findings)
        yield f"You are invited for what is in this pack alone{', with the agreement of the chair' if agreed else ''}."


def _content(manifest: Manifest, agency: AgencyPlan, repeats: frozenset[str], *, secure_only: bool) -> str:
    what = [
        manifest.model_dump(mode="json", exclude={"pack", "made", "members", "witness", "replaces"}),
        # What cannot be seen in a pack does not make it another: a fresh pack would tell that something has changed.
        [[view.digest(), view.case in repeats] for view in agency.seen],
        # But for how it may be sent, which the register notes when it is sealed.
        *(["SEND-5"] if secure_only else []),
    ]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def bind(
    one: Draft, stamp: Stamp, drawn: Mapping[int, Drawn], head: Head | None, replaces: str = ""
) -> tuple[Manifest, list[Member]]:
    """Return the whole manifest of a pack and its papers.

    Args:
        one: the pack as drafted.
        stamp: what its pages bear, its number among it.
        drawn: the views, by identity.
        head: the end of the register, to which the pack bears witness; None before its first entry.
        replaces: the number of the agency's earlier pack for the meeting, if it had one.
    """
    end = head or BEGINNING
    witness = WitnessPart(number=end.number, hash=end.hash)
    told = (f"This pack takes the place of {replaces}: destroy that one.",) if replaces else ()
    notices = (*told, *one.manifest.notices)
    given = {"pack": stamp.pack_id, "witness": witness, "notices": notices, "replaces": replaces}
    manifest = one.manifest.model_copy(update=given)
    papers = [
        Member(page(agenda(manifest, one.plan.views, one.plan.checks, one.repeats), "agenda.pdf", stamp)),
        Member(page(one.attendance, "attendance.pdf", stamp)),
    ]
    papers += [Member(document, view.case) for view in one.views for document in drawn[id(view)].copies(stamp)]
    # The cover sheet lists the papers that lie below it; the manifest lists the cover sheet as well.
    listed = manifest.model_copy(update={"members": tuple(member.part for member in papers)})
    papers.insert(0, Member(page(cover(listed), "cover-sheet.pdf", stamp)))
    return manifest.model_copy(update={"members": tuple(member.part for member in papers)}), papers

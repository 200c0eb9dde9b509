"""Plan → sealed packs in the outbox: views drawn once, packs bound, sealed, registered and delivered.

Plain text stays in memory: nothing but sealed files is written.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from keys import sshsig
from keys.directory import Directory
from keys.identity import KeyFile
from pipeline import keeper, outbox
from pipeline.bind import Draft, bind
from pipeline.blocks import Stamp
from pipeline.channels import closed
from pipeline.drafts import drafts_of
from pipeline.numbering import fresh_number
from pipeline.pack import to_bytes
from pipeline.plan import Plan
from pipeline.protocol.records import is_whole
from pipeline.protocol.sending import SECURE_ONLY, outer_envelope
from pipeline.register import SEALED, WITHDRAWN, DecisionTaken, Entry, Recorded, Register, Signer, WithheldItem
from pipeline.render import Renderer, draw_all
from pipeline.seal import Envelope, seal

DECIDED = "decision"
"""The kind of entry that says of a pack on record that the decisions bearing on it are others now."""
ATTENDED = "attended"
"""The kind of entry that says who signed the register of attendance."""
LOST = "Made anew: it was lost or damaged on its way."
"""Why a pack is made anew, unless another reason is given."""
REAFFIRMED = "Signed the register of attendance, and reaffirmed confidentiality:"


@dataclass(frozen=True)
class Packed:
    """What a run made.

    Attributes:
        recorded: agency id → the register's entry for its pack, made now or before.
        fresh: ids of the agencies whose pack was made in this run, and not by a colleague's at the same time.
        views_drawn: how many views this run drew, which is what it costs, also where a colleague's was quicker.
        copies: how many copies it made of those views, one for each case in each pack that it sealed.
        taken_out: files of earlier runs that were taken out of the outbox: replaced, or no longer let go.
        recovered: what an earlier run that broke off had left.
    """

    recorded: Mapping[str, Recorded]
    fresh: frozenset[str]
    views_drawn: int
    copies: int
    taken_out: tuple[str, ...]
    recovered: outbox.Recovered


@dataclass(frozen=True)
class Packing:
    """A run over a meeting.

    Attributes:
        plan: a plan without problems.
        keys: the directory of SPOC keys.
        sender: the co-ordinator's keys, which sign.
        register: the area's, open.
        at: now, with its time zone.
        again: ids of agencies whose pack is made anew although nothing has changed.
        why: the reason for that, as the register keeps it.
        only: ids of agencies that the run is for, if it is not for all: nothing is made, taken out or recorded of others.
    """

    plan: Plan
    keys: Directory
    sender: KeyFile = field(repr=False)
    register: Register
    at: dt.datetime
    again: frozenset[str] = frozenset()
    why: str = LOST
    only: frozenset[str] | None = None

    def run(self) -> Packed:
        """Make, seal, register and deliver the pack of every agency that is to have one.

        A pack that is on record already with the same content is not made again; one that an earlier run made and
        this plan does not let go is taken out of the outbox.

        Raises:
            CannotDraw, Refused: a paper cannot be drawn right; nothing is sealed then.
            OutboxError, RegisterError: the disk or a colleague's run is in the way.
            ValueError: the plan has problems.
        """
        if self.plan.problems:
            raise ValueError("a plan with problems is not packed")
        folder = self.plan.area.outbox
        recovered = outbox.recover(folder, self.register)
        lost = [entry for entry in self._in_force() if entry.agency in self.again]
        self._withdraw(lost, self.why)
        every = drafts_of(self.plan, self.keys, self.register, self.sender.public().signing)
        drafts = [one for one in every if self._is_for(one.agency.id)]
        known = {one.agency.id: entry for one in drafts if (entry := self.register.already_sealed(one.content))}
        fresh = [one for one in drafts if one.agency.id not in known]
        packs, views_drawn = self._make(fresh)
        recorded = self._delivered(packs) if packs else ()
        taken_out = self._take_out({one.agency.id for one in drafts})
        self._record_changes([one for one in drafts if one.agency.id in known], known)
        made = {pack.entry.pack for pack in packs}
        return Packed(
            recorded=known | {entry.agency: entry for entry in recorded},
            fresh=frozenset(entry.agency for entry in recorded if entry.pack in made),
            views_drawn=views_drawn,
            copies=sum(len(one.views) for one in fresh),
            taken_out=taken_out,
            recovered=recovered,
        )

    def _delivered(self, packs: Sequence[outbox.SealedPack]) -> tuple[Recorded, ...]:
        return outbox.deliver(
            self.plan.area.outbox, self.register, packs, self._signer, self.at, still=self._refuse_changed_keys
        )

    def _refuse_changed_keys(self) -> None:
        """Refuse to let packs go if a colleague has changed the directory of keys since it was read: a key may be revoked now."""
        signed = keeper.read(self.plan.area, self.register)
        if signed and signed.directory != self.keys:
            raise outbox.OutboxError(
                "The directory of keys was changed while the packs were made, so that none of them goes.",
                "Run again.",
            )

    def _is_for(self, agency: str) -> bool:
        return self.only is None or agency in self.only

    def _record_changes(self, drafts: Iterable[Draft], known: Mapping[str, Recorded]) -> None:
        """Record what no pack is made for, each once: it is looked up and written while nobody else writes."""
        with self.register.writing():
            before = self.register.entries(meeting=self.plan.meeting.id)
            # Appended together: a crash leaves register.head behind by one writing, and more is taken for tampering.
            attendance = self._attendance(before) if self.only is None else ()
            if changed := [*attendance, *self._changed_decisions(before, drafts, known)]:
                self.register.append(changed, self._signer, self.at)

    def _changed_decisions(
        self, before: Sequence[Recorded], drafts: Iterable[Draft], known: Mapping[str, Recorded]
    ) -> Iterator[Entry]:
        """Yield decisions that have changed without changing what an agency may see of them: its pack stays as it is."""
        for one in drafts:
            sealed, decisions = known[one.agency.id], self._decisions(one)
            last = next(
                each for each in reversed(before) if each.pack == sealed.pack and each.kind in (SEALED, DECIDED)
            )
            if last.decisions != decisions:
                note = "The decisions are these now." if decisions else "No decision bears on it any more."
                yield self._about_pack(sealed, DECIDED, note, decisions)

    def _decisions(self, one: Draft) -> tuple[DecisionTaken, ...]:
        meeting = self.plan.meeting.id
        return tuple(
            DecisionTaken(part.rule, part.case or meeting, part.by, part.role, part.reason, part.on)
            for part in one.decided
        )

    def _about_pack(
        self, pack: Recorded, kind: str, note: str, decisions: tuple[DecisionTaken, ...] = ()
    ) -> Entry:
        sender = self.plan.area.settings.sender
        return Entry(
            kind=kind, day=self.plan.day, by=sender.name, role=sender.role, meeting=pack.meeting, agency=pack.agency,
            pack=pack.pack, cases=pack.cases, note=note, decisions=decisions,
        )  # fmt: skip

    def _attendance(self, before: Sequence[Recorded]) -> Iterator[Entry]:
        """Yield, unless it is on record, who signed the register of attendance, as the meeting's file has it (RECORD-3)."""
        meeting, sender = self.plan.meeting, self.plan.area.settings.sender
        there = sorted(f"{one.name}, {one.role} ({one.agency})" for one in meeting.attended)
        if not there or meeting.date > self.plan.day:
            return
        entry = Entry(
            kind=ATTENDED, day=self.plan.day, by=sender.name, role=sender.role, meeting=meeting.id,
            cases=tuple(case.reference for case in meeting.cases), note=f"{REAFFIRMED} {'; '.join(there)}",
            content=hashlib.sha256("\n".join([meeting.id, *there]).encode()).hexdigest(),
        )  # fmt: skip
        if entry.content not in [one.content for one in before if one.kind == ATTENDED]:
            yield entry

    def _in_force(self) -> tuple[Recorded, ...]:
        return tuple(
            one for one in self.register.packs(meeting=self.plan.meeting.id) if self._is_for(one.agency)
        )

    @property
    def _signer(self) -> Signer:
        return Signer.of(self.sender)

    def _make(self, fresh: Sequence[Draft]) -> tuple[list[outbox.SealedPack], int]:
        # Copies are counted through all runs over a meeting, so that no two papers of it bear one number.
        entries = self.register.entries(meeting=self.plan.meeting.id)
        copies = sum(entry.kind == SEALED for entry in entries)
        stamps = {
            one.agency.id: Stamp(one.agency.name, f"copy {number}", fresh_number("P"))
            for number, one in enumerate(fresh, start=copies + 1)
        }
        renderer = Renderer(self.plan.area, self.plan.meeting)
        drawn = draw_all(renderer, {stamps[one.agency.id]: one.views for one in fresh})
        head = self.register.head()
        packs = []
        for one in fresh:
            earlier = self.register.packs(meeting=self.plan.meeting.id, agency=one.agency.id)
            replaces = earlier[-1].pack if earlier else ""
            manifest, members = bind(one, stamps[one.agency.id], drawn, head, replaces)
            envelope = Envelope(*outer_envelope(manifest.pack, one.agency, self.plan.area.settings.sender))
            content = to_bytes(manifest, members, partial(sshsig.sign, self.sender.signing))
            sealed = seal(content, envelope, [key.keys.sealing_key() for key in one.opened_by])
            packs.append(outbox.SealedPack(self._entry(one, envelope, replaces), sealed))
        return packs, renderer.drawn

    def _entry(self, one: Draft, envelope: Envelope, replaces: str) -> Entry:
        """Return what the register keeps of a pack (RECORD-1): references, not stories (RECORD-7)."""
        manifest, sender = one.manifest, self.plan.area.settings.sender
        entry = Entry(
            kind="sealed", day=self.plan.day, by=sender.name, role=sender.role, meeting=manifest.meeting.id,
            agency=envelope.agency, pack=envelope.pack, cases=one.cases,
            keys=tuple(key.fingerprint.replace(" ", "-") for key in one.opened_by), file=envelope.file_name,
            note=self._note(one),
            content=one.content, supersedes=replaces, marking=manifest.marking,
            purpose=manifest.purpose[0], basis=manifest.basis, keep_until=manifest.keep_until,
            withheld=(
                *(WithheldItem(part.rule, part.case) for part in manifest.withheld),
                *(WithheldItem(rule, manifest.meeting.id) for rule in self._closed(one)),
            ),
            decisions=self._decisions(one),
        )  # fmt: skip
        answers = {
            "what": " ".join(entry.cases), "to": entry.agency, "by": entry.by, "at": self.at.isoformat(),
            "why": entry.purpose, "basis": "; ".join(entry.basis),
        }  # fmt: skip
        if not is_whole(answers):
            raise ValueError("a share is recorded whole or not made (RECORD-1)")
        return entry

    def _note(self, one: Draft) -> str:
        """Return what the register notes of a pack: to secure addresses only, why for older keys, the recovery key, why anew."""
        notes = [SECURE_ONLY] if one.secure_only else []
        if not all(key.keys.post_quantum for key in one.keys):
            notes.append(f"Sealed for X25519 keys, by exception: {one.agency.classic_key_reason}")
        if one.recovery:
            notes.append("Sealed for the recovery key as well.")
        if one.agency.id in self.again and self.why != LOST:
            notes.append(self.why)
        return " ".join(notes)

    def _closed(self, one: Draft) -> list[str]:
        """Return the rules that keep a pack from every contact of its agency, until another way is found."""
        found = list(closed(self.plan, one.plan))
        return sorted({rule for _, rule, _ in found}) if len(found) == len(one.agency.spocs) else []

    def _take_out(self, going: set[str]) -> tuple[str, ...]:
        """Take what may not be sent out of the outbox, the register first: packs replaced, or no longer let go."""
        folder = self.plan.area.outbox
        lapsed = [
            entry for entry in self._in_force() if entry.agency not in going and (folder / entry.file).is_file()
        ]
        self._withdraw(lapsed, "The plan no longer lets it go.")
        names = (*(entry.file for entry in lapsed), *outbox.recover(folder, self.register).stale)
        for name in names:
            (folder / name).unlink(missing_ok=True)
        return names

    def _withdraw(self, packs: Sequence[Recorded], why: str) -> None:
        """Record of packs that they may not be sent any more, unless a run before, or at the same time, has done so."""
        if not packs:
            return
        with self.register.writing():
            before = self.register.withdrawn()
            notes = [self._about_pack(entry, WITHDRAWN, why) for entry in packs if entry.pack not in before]
            if notes:
                self.register.append(notes, self._signer, self.at)

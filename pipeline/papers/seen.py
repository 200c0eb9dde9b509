"""Whether a condition holds, as far as a recipient can see: what hangs on a withheld answer must not tell of it."""

from forms import answers
from forms.definition import AllOf, Answered, AnyOf, Ask, AtLeast, Condition, Is, Not, Same
from pipeline.view import NotAnswered, NotKnown, Shared, SharedView, Withheld


def is_beside_the_point(view: SharedView, path: str, ask: Ask) -> bool:
    """Say whether an open question was to be answered on a condition that, as this recipient can see, does not hold.

    Where any answer that the condition depends on is withheld, the question stays: a missing line would tell of it.
    """
    open_ = isinstance(view.answers.get(path, NotAnswered()), NotAnswered)
    condition = ask.only_if or ask.required_if
    return open_ and condition is not None and _seen_to_hold(view, condition) is False


def _seen_to_hold(view: SharedView, condition: Condition) -> bool | None:
    """Say whether a condition holds, from what the recipient sees; None where not all of it can be seen."""
    match condition:
        case Is(path, key):
            return _seen_to_be(view, path, key)
        case Answered(path):
            return _seen_to_be_answered(view, path)
        case AtLeast(path, least):
            return _seen_to_reach(view, path, least)
        case Same(path, other):
            return _seen_to_agree(view, path, other)
        case AnyOf(conditions) | AllOf(conditions):
            each = [_seen_to_hold(view, one) for one in conditions]
            return None if None in each else any(each) if isinstance(condition, AnyOf) else all(each)
        case Not(inner):
            held = _seen_to_hold(view, inner)
            return None if held is None else not held


def _seen_to_be(view: SharedView, path: str, key: str) -> bool | None:
    match view.answers.get(path):
        case Shared(text):
            return view.form.find(path).ask.label_of(key) in text.split("\n")
        case NotKnown():
            return key == answers.UNKNOWN.key
        case NotAnswered():
            return False
        case _:
            return None


def _seen_to_be_answered(view: SharedView, path: str) -> bool | None:
    if isinstance(rows := view.rows.get(path), int):
        return rows > 0
    answered = view.answers.get(path)
    if answered is None or isinstance(answered, Withheld):
        return None
    return not isinstance(answered, NotAnswered)


def _seen_to_reach(view: SharedView, path: str, least: int) -> bool | None:
    match view.answers.get(path):
        case Shared(text):
            return text.isdecimal() and int(text) >= least
        case NotAnswered() | NotKnown():
            return False
        case _:
            return None


def _seen_to_agree(view: SharedView, path: str, other: str) -> bool | None:
    both = (view.answers.get(path), view.answers.get(other))
    if any(one is None or isinstance(one, Withheld) for one in both):
        return None
    return isinstance(both[0], Shared) and both[0] == both[1]

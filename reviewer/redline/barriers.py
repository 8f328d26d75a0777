"""What a change must not cut through: fields, locked controls, other people's changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from reviewer.ingest.characters import Visible
from reviewer.ingest.package import MC, parent_of, w


class CannotPlace(Exception):
    """The change would cut through something that must stay whole; the message says what."""


FOREIGN = "与他人尚未接受的修订重叠"
FIELD = "位于域（自动更新的内容）内"
CONTROL = "位于锁定或由数据填充的内容控件内"
SPECIAL = "位于注音、公式等特殊文字内"
_EDITABLE_FIELDS = ("HYPERLINK", "FORMTEXT")
_FILLED = (
    "dataBinding",
    "date",
    "comboBox",
    "dropDownList",
    "picture",
    "docPartList",
    "showingPlcHdr",
)


@dataclass(eq=False)
class Field:
    """A field of several runs: its code and its result."""

    runs: list[etree._Element] = field(default_factory=list)
    code: str = ""
    ended: bool = False
    outer: "Field | None" = None

    @property
    def editable(self) -> bool:
        """Return whether words typed into the result stay."""
        return self.code.strip().upper().startswith(_EDITABLE_FIELDS)


class Barriers:
    """Answers for one part whether a change may be made somewhere."""

    def __init__(self, root: etree._Element, own: Iterable[str] = ()) -> None:
        self.own = set(own)
        """Ids of our own changes, which may be built on."""
        self.fields: dict[etree._Element, Field] = {}
        self._collect_fields(root)

    def _collect_fields(self, root: etree._Element) -> None:
        open_: list[Field] = []
        for run in root.iter(w("r")):
            for child in run:
                if child.tag == w("fldChar"):
                    kind = child.get(w("fldCharType"))
                    if kind == "begin":
                        open_.append(Field(outer=open_[-1] if open_ else None))
                    for entry in open_:
                        if not entry.runs or entry.runs[-1] is not run:
                            entry.runs.append(run)
                    if open_:
                        self.fields[run] = open_[-1]
                    if kind == "end" and open_:
                        open_.pop().ended = True
                elif child.tag == w("instrText") and open_:
                    open_[-1].code += child.text or ""
            if open_ and run not in self.fields:
                self.fields[run] = open_[-1]
                for entry in open_:
                    if not entry.runs or entry.runs[-1] is not run:
                        entry.runs.append(run)

    def field_of(self, run: etree._Element) -> Field | None:
        """Return the outermost field around `run` whose result is made anew, or None."""
        found = None
        entry = self.fields.get(run)
        while entry is not None:
            if not entry.editable:
                found = entry
            entry = entry.outer
        return found

    def check(self, characters: Sequence[Visible], around: Sequence[Visible]) -> list[Field]:
        """Return the whole fields among `characters`, which are to be deleted.

        Args:
            characters: What is to be deleted.
            around: All characters of the paragraph.

        Raises:
            CannotPlace: Something among them must stay whole.
        """
        whole: list[Field] = []
        chosen = {(id(c.element), c.offset) for c in characters}
        for run in dict.fromkeys(c.run for c in characters):
            self.check_run(run)
            entry = self.field_of(run)
            if entry is None or entry in whole:
                continue
            inside = [c for c in around if self.field_of(c.run) is entry]
            paragraphs = {next(r.iterancestors(w("p")), None) for r in entry.runs}
            if (
                not entry.ended
                or len(paragraphs) > 1
                or any((id(c.element), c.offset) not in chosen for c in inside)
            ):
                raise CannotPlace(FIELD)
            for other in entry.runs:
                self.check_run(other)
            whole.append(entry)
        for character in characters:
            if parent_of(character.element) is not character.run:
                raise CannotPlace(SPECIAL)
        return whole

    def check_run(self, run: etree._Element) -> None:
        """Raise CannotPlace where a run may not be deleted or written beside, fields aside."""
        if run.tag != w("r"):
            raise CannotPlace(SPECIAL)
        for parent in run.iterancestors():
            tag = parent.tag
            if tag == w("p"):
                return
            if tag in (w("ins"), w("moveTo"), w("del"), w("moveFrom")):
                if parent.get(w("id")) not in self.own:
                    raise CannotPlace(FOREIGN)
            elif tag == w("fldSimple"):
                raise CannotPlace(FIELD)
            elif tag == w("sdt"):
                _check_control(parent)
            elif tag in (w("r"), f"{{{MC}}}AlternateContent"):
                raise CannotPlace(SPECIAL)


def _check_control(control: etree._Element) -> None:
    properties = control.find(w("sdtPr"))
    if properties is None:
        return
    lock = properties.find(w("lock"))
    locked = lock is not None and (lock.get(w("val")) or "").endswith("ontentLocked")
    names = {etree.QName(child).localname for child in properties if isinstance(child.tag, str)}
    if locked or names & {*_FILLED, "checkbox"}:
        raise CannotPlace(CONTROL)


def check_block(element: etree._Element) -> None:
    """Raise CannotPlace where no paragraph may be put beside `element` in its container."""
    for parent in element.iterancestors(w("sdt")):
        _check_control(parent)

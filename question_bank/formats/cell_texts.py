"""Texts of cells as fragments, with the pictures that stand in them or lie on them."""

from collections.abc import Iterable, Sequence

from question_bank.formats.loaded import Harvest
from question_bank.formats.sheets import Drawing
from question_bank.formats.texts import Texts
from question_bank.pictures import kind_of, name_of
from question_bank.problems import Problem, excerpt
from question_bank.text import clean, escaped


class CellTexts:
    """Turns the cells of one row into fragments; what is wrong with them is collected in `found`."""

    def __init__(self, harvest: Harvest, cells: Iterable[str], drawings: Iterable[Drawing]) -> None:
        self._harvest = harvest
        self._lying = {name_of(drawing.name, drawing.data): drawing.data for drawing in drawings}
        tagged = " ".join(cell for cell in cells if "<img" in cell) if self._lying else ""
        self._placed = {name for name in self._lying if name in tagged}
        self.found: list[Problem] = []

    def fragment(self, cell: str, where: str, drawings: Sequence[Drawing] = ()) -> str:
        """Return an unguarded text with its pictures; those that lie on it and stand nowhere come last."""
        texts = Texts(where, self._harvest.picture, self._lying.get)
        fragment = texts.with_line_ends(cell.strip())
        self.found += texts.problems
        added = [self._image(drawing, where) for drawing in drawings]
        return "<br>".join(part for part in (fragment, *added) if part)

    def beside(self, drawings: Sequence[Drawing], where: str) -> tuple[str, str]:
        """Return name and description of the picture that stands for itself, "" when there is none."""
        for drawing in drawings:
            if self._usable(drawing, where):
                return self._harvest.picture(drawing.name, drawing.data), drawing.alt
        return "", ""

    def _image(self, drawing: Drawing, where: str) -> str:
        if name_of(drawing.name, drawing.data) in self._placed or not self._usable(drawing, where):
            return ""
        name = self._harvest.picture(drawing.name, drawing.data)
        alt = escaped(" ".join(drawing.alt.split())).replace('"', "&quot;")
        return clean(f'<img src="{name}" alt="{alt}">', {name})

    def _usable(self, drawing: Drawing, where: str) -> bool:
        usable = bool(kind_of(drawing.data))
        if not usable:
            self.found.append(Problem(where, "picture_kind", {"name": excerpt(drawing.name)}))
        return usable

"""Making a plan: which answers each rater is given, so that systems, rows and raters are balanced (a Latin square)."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, combinations, zip_longest
from math import ceil

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.studies.plan import FIRST, POINTS, SECOND, Question, Study, StudyKind, StudyRow, Trial

CONSENT = (
    "You will hear pairs of short recordings and judge explanations of how they differ. There are no right or wrong "
    "opinions. You can stop at any time by closing the page. Your answers and the time that you take are kept under a "
    "number; your name is not published. Please use headphones, in a quiet place."
)
QUESTIONS: dict[StudyKind, tuple[Question, ...]] = {
    "rating": (
        Question(
            name="correctness",
            text="Are the sounds, their sources and their order right, and on the right recording?",
        ),
        Question(
            name="granularity",
            text="Is it as fine as was asked for: sounds, order, sources, acoustics and what a listener feels?",
        ),
        Question(name="readability", text="Is it one coherent text that reads well?"),
    ),
    "preference": (Question(name="better", text="Which explanation says better how the two recordings differ?"),),
}
Condition = tuple[str, ...]  # the systems whose answers are judged at once


def plan_study(  # noqa: PLR0913 - each is a choice of the plan
    rows: Sequence[StudyRow],
    *,
    kind: StudyKind = "rating",
    questions: Sequence[Question] = (),
    title: str = "Listening study",
    consent: str = CONSENT,
    people: int = 3,
    limit: int | None = None,
    trials: int | None = None,
    practice: int = 2,
    checks: int = 4,
    seed: int = 0,
) -> Study:
    """Plans a study of the systems that answered the rows.

    Every rater hears each of their rows once, and all systems equally often: of each block of rows, one for each system
    (or each two systems). In the course of a study, every answer (or every two answers to a row) is given to `people`
    raters. Rows, and which of two answers comes first, are shuffled for each rater.

    Args:
        questions: None are those of the ADIFF paper, or which of two answers is better.
        limit: how many rows, drawn so that every tier has the same share; None for all.
        trials: the most rows that one rater is given; None for all.
        practice: how many rows come before the counted ones; they are taken from those that are not counted.
        checks: how many checks of attention stand among the rows of a rater.

    Raises:
        InputError: there are too few systems or rows.
    """
    systems = tuple(rows[0].answers) if rows else ()
    conditions: list[Condition] = [(system,) for system in systems]
    if kind == "preference":
        conditions = list(combinations(systems, 2))
    if not conditions:
        raise InputError("nothing to compare", mend="a study of preference needs two systems")
    counted, practised = _drawn(rows, limit, practice, seed)
    parts = ceil(len(counted) / trials) if trials else 1
    sheets = [
        _Sheet(conditions, number, seed).trials(counted[part::parts], practised, repetition, shift, checks)
        for number, (repetition, part, shift) in enumerate(
            (repetition, part, shift)
            for repetition in range(people)
            for part in range(parts)
            for shift in range(len(conditions))
        )
    ]
    return Study(
        title=title,
        kind=kind,
        questions=tuple(questions) or QUESTIONS[kind],
        consent=consent,
        systems=systems,
        people=people,
        seed=seed,
        rows=(*counted, *practised),
        sheets=tuple(sheets),
    )


def _drawn(
    rows: Sequence[StudyRow], limit: int | None, practice: int, seed: int
) -> tuple[list[StudyRow], list[StudyRow]]:
    """The rows that are counted, and those to practise with."""
    shuffled = list(rows)
    Seeded("study", seed).shuffle(shuffled)
    tiers: dict[str, list[StudyRow]] = defaultdict(list)
    for row in shuffled:
        tiers[row.tier].append(row)
    mixed = [row for row in chain.from_iterable(zip_longest(*tiers.values())) if row is not None]
    num_counted = min(limit or len(mixed), len(mixed) - practice)
    if num_counted < 1:
        raise InputError(f"{len(mixed)} rows are too few", mend="fewer rows of `practice`, or more predictions")
    return mixed[:num_counted], mixed[num_counted : num_counted + practice]


class _Sheet:
    """What one rater is given. `number` and `seed` decide on its order alone."""

    def __init__(self, conditions: Sequence[Condition], number: int, seed: int) -> None:
        self._conditions, self._random = conditions, Seeded("sheet", seed, number)

    def trials(
        self,
        counted: Sequence[StudyRow],
        practised: Sequence[StudyRow],
        repetition: int,
        shift: int,
        checks: int,
    ) -> tuple[Trial, ...]:
        """All of them, the practice first and the checks spread evenly."""
        size = len(self._conditions)
        blocks = [
            [self._trial(row, start + place, repetition, shift) for place, row in enumerate(counted[start:][:size])]
            for start in range(0, len(counted), size)
        ]
        self._random.shuffle(blocks)
        for block in blocks:
            self._random.shuffle(block)
        trials = list(chain.from_iterable(blocks))
        every = len(trials) / (checks + 1)
        for place, check in reversed(list(enumerate(self._checks(practised or counted, checks), start=1))):
            trials.insert(round(place * every), check)
        practice = [
            self._trial(row, place, repetition, shift).model_copy(update={"kind": "practice"})
            for place, row in enumerate(practised)
        ]
        return (*practice, *trials)

    def _trial(self, row: StudyRow, place: int, repetition: int, shift: int) -> Trial:
        """A row's trial. From block to block, and from one rater of it to the next, two answers change places."""
        size = len(self._conditions)
        systems = self._conditions[(place + shift) % size]
        turned = (place // size + repetition + shift) % 2
        return Trial(row=row.id, systems=systems[::-1] if turned else systems)

    def _checks(self, rows: Sequence[StudyRow], count: int) -> list[Trial]:
        """Checks whose right values differ as long as they can, so that nobody passes by one value for all."""
        values = list(POINTS if len(self._conditions[0]) == 1 else (FIRST, SECOND))
        self._random.shuffle(values)
        return [
            Trial(row=self._random.choice(rows).id, kind="check", right=values[number % len(values)])
            for number in range(count)
        ]

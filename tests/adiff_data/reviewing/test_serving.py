"""Reviews from Python: what is served, to whom, and what is refused before anything is."""

import pytest

from adiff_data import serve_review
from adiff_data.core.errors import InputError


class _EndedError(Exception):
    """Ends the server once it is ready."""


@pytest.fixture
def entered(split, demo_corpus, tmp_path):
    """Begins or goes on with a review, and ends it at once: where it could be entered."""

    def enter(**options):
        told = []

        def ready(served):
            told.append(served)
            raise _EndedError

        with pytest.raises(_EndedError):
            serve_review(split, "test", demo_corpus, database=tmp_path / "r.sqlite", port=0, ready=ready, **options)
        return told[0]

    return enter


def test_a_review_can_be_entered_by_its_address_and_goes_on(entered, tmp_path):
    served = entered()
    assert served.address.startswith("http://127.0.0.1:")
    assert (served.rows, served.without_recording, served.database) == (105, 0, tmp_path / "r.sqlite")
    assert entered().rows == 105


def test_whoever_is_invited_has_a_link_of_their_own(entered):
    links = entered(invite=["Anna", "Ben"]).invitations
    assert links.keys() == {"Anna", "Ben"}
    assert len(set(links.values())) == 2
    assert entered(invite=["anna", "Anna", "Cleo"]).invitations.keys() == {"Anna", "Cleo"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"people": 0}, "`people` should be a whole number greater than 0, not 0"),
        ({"share": 2}, "`share` should be a number at least 0 and at most 1, not 2"),
        ({"order": "best"}, "`order` should be"),
        ({"invite": ["Anna", " "]}, "'' is no name; give one of at most 80 characters"),
        ({"host": "0.0.0.0"}, "0.0.0.0 is not this machine alone; invite people by name"),
    ],
)
def test_a_wrong_call_is_one_line(split, demo_corpus, tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        serve_review(split, "test", demo_corpus, database=tmp_path / "r.sqlite", port=0, **options)

"""The text of mails: lines that every mail program shows as they are meant."""

from hypothesis import given
from hypothesis import strategies as st

from cersgroups.jobs.mail import WIDTH, wrapped

words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=WIDTH - 2)


@given(st.lists(words, min_size=1), st.sampled_from(["", "- ", "  "]))
def test_no_line_is_too_long_and_no_word_is_lost(text: list[str], mark: str) -> None:
    shown = wrapped(mark + " ".join(text))
    assert all(len(line) <= WIDTH for line in shown.splitlines())
    assert shown.removeprefix("- ").split() == text


def test_what_belongs_to_a_list_stays_indented() -> None:
    shown = wrapped("Title\n\n- " + "word " * 20 + "\n  " + "more " * 20)
    assert shown.splitlines()[:3] == ["Title", "", "- " + "word " * 14 + "word"]
    assert all(line.startswith("  ") for line in shown.splitlines()[3:])


def test_an_address_is_never_broken() -> None:
    address = "https://groups.live-oak.example/" + "extracted-files/" * 6
    assert address in wrapped(f"The extract: {address}").splitlines()

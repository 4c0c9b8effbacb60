"""A select of hundreds is the one that Django makes, only quicker."""

import pytest
from django import forms
from django.test.html import parse_html

from cersgroups.web.choice_widget import LongSelect

CHOICES = [("", "Everybody"), ("a@b.example", "Ann & <Bob>"), ('"x"', "Quoted"), ("3", "Three")]


@pytest.mark.parametrize("value", [None, "", "3", '"x"', "not there"])
@pytest.mark.parametrize(
    "attrs", [{}, {"id": "id_person", "class": "form-select", "required": True, "disabled": False}]
)
def test_it_is_the_select_that_django_makes(value: str | None, attrs: dict[str, object]) -> None:
    made, ours = (kind(choices=CHOICES).render("person", value, attrs) for kind in (forms.Select, LongSelect))
    assert parse_html(ours) == parse_html(made)

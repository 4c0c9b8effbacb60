"""The settings as they are, with the pages of the pattern book (pattern_book.py) besides."""

from pathlib import Path

from cersgroups.config.settings import *  # noqa: F403 - settings are names in this module
from cersgroups.config.settings import API_TEMPLATES, MAIL_TEMPLATES, TEMPLATES

ROOT_URLCONF = "tests.e2e.pattern_book"
TEMPLATES[0] |= {"DIRS": [*MAIL_TEMPLATES, *API_TEMPLATES, Path(__file__).parent / "templates"]}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick: it protects nothing here
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip"}  # all the people of all tests sign in from one address

"""The settings as a program that starts sees them, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import global_settings

PRINT = "from cersgroups.config import settings as s; print({})"


def started(folder: Path, expression: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Import the settings with these variables, and print the expression."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", PRINT.format(expression)],
        env={**clean, "CERSGROUPS_DATA": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def printed(folder: Path, expression: str, **variables: str) -> str:
    done = started(folder, expression, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_secret_is_made_once_and_read_by_its_owner_only(folder: Path) -> None:
    first = printed(folder, "s.SECRET_KEY")
    assert len(first) > 60
    assert printed(folder, "s.SECRET_KEY") == first
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_programs_that_start_at_once_agree_on_the_secret(folder: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_", "DJANGO_"))}
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT.format("s.SECRET_KEY")],
            env={**clean, "CERSGROUPS_DATA": str(folder)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert len({start.communicate()[0] for start in starts}) == 1


def test_nobody_else_can_list_the_data_folder(folder: Path) -> None:
    printed(folder, "s.DATA_FOLDER")
    assert folder.stat().st_mode & 0o066 == 0


def test_an_unsafe_setting_stops_the_start_with_its_sentence(folder: Path) -> None:
    done = started(folder, "s.URL", CERSGROUPS_URL="http://groups.fig.example", CERSGROUPS_DEBUG="true")
    assert done.returncode != 0
    assert "CERSGROUPS_DEBUG shows the program's inside to everybody" in done.stderr
    assert "CERSGROUPS_URL is http://groups.fig.example" in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("CERSGROUPS_DEBUG", "maybe", "CERSGROUPS_DEBUG is 'maybe'. Write true or false."),
        ("CERSGROUPS_IDLE_MINUTES", "-5", "CERSGROUPS_IDLE_MINUTES is '-5'. Write a whole number."),
        ("CERSGROUPS_SECOND_FACTOR", "all", "CERSGROUPS_SECOND_FACTOR is 'all'. Write offered, admins or everybody."),
        ("CERSGROUPS_LOG_FORMAT", "xml", "CERSGROUPS_LOG_FORMAT is 'xml'. Write line or json."),
        ("CERSGROUPS_PORT", "eighty", "CERSGROUPS_PORT is 'eighty'. Write a whole number."),
        ("CERSGROUPS_PORT", "9" * 5_000, "CERSGROUPS_PORT has 5,000 digits. Write a whole number of at most 9."),
        (
            "CERSGROUPS_KEEP_ROSTERS_DAYS",
            "29",
            "CERSGROUPS_KEEP_ROSTERS_DAYS is '29'. Write a whole number of days from 30",
        ),
        ("CERSGROUPS_KEEP_EXTRACTS_DAYS", "36501", "Write a whole number of days from 30 to 36500, or leave it blank"),
        ("CERSGROUPS_KEEP_LEDGERS_DAYS", "never", "CERSGROUPS_KEEP_LEDGERS_DAYS is 'never'."),
        (
            "CERSGROUPS_KEEP_AUDIT_DAYS",
            "365",
            "CERSGROUPS_KEEP_AUDIT_DAYS is '365'. Write a whole number of days from 366",
        ),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL must be postgresql://"),
        ("CERSGROUPS_SMTP_URL", "mail.fig.example", "CERSGROUPS_SMTP_URL must be smtp://"),
        ("CERSGROUPS_SMTP_URL", "smtp://mail..example", "CERSGROUPS_SMTP_URL must be smtp://"),
        ("CERSGROUPS_SMTP_URL", "smtp://u:hidden@mail.fig.example:99999", "CERSGROUPS_SMTP_URL is no address: "),
        ("CERSGROUPS_URL", "http://[", "CERSGROUPS_URL is no address: its host or its port cannot be meant."),
        ("CERSGROUPS_BUCKET_ENDPOINT", "http://[", "CERSGROUPS_BUCKET_ENDPOINT is no address: "),
        ("DATABASE_URL", "postgresql://u:hidden@h:port/x", "DATABASE_URL is no address: "),
    ],
)
def test_a_value_that_cannot_be_meant_is_told(folder: Path, variable: str, value: str, sentence: str) -> None:
    said = started(folder, "s.URL", **{variable: value}).stderr
    assert sentence in said
    assert "hidden" not in said


def test_how_long_data_are_kept_is_read_by_kind_and_blank_means_for_ever(folder: Path) -> None:
    given = {
        "CERSGROUPS_KEEP_ROSTERS_DAYS": " 90 ",
        "CERSGROUPS_KEEP_AUDIT_DAYS": "366",
        "CERSGROUPS_KEEP_LEDGERS_DAYS": " ",
    }
    kept = "{'extracts': None, 'rosters': 90, 'ledgers': None, 'audit': 366}"
    assert printed(folder, "s.KEEP_DAYS", **given) == kept


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("encryption_key", b"", "encryption_key is empty: stored credentials cannot be opened."),
        ("encryption_key", b"\xff\xfe", "encryption_key is damaged: it holds no text."),
        ("secret_key", b"\xff" * 64, "secret_key is damaged: it holds no text."),
    ],
)
def test_a_damaged_secret_is_told_and_nothing_starts(folder: Path, file: str, content: bytes, sentence: str) -> None:
    printed(folder, "s.URL")
    (folder / file).write_bytes(content)
    done = started(folder, "s.URL")
    assert done.returncode != 0
    assert sentence in done.stderr


def test_passwords_are_hashed_as_django_does_by_now(folder: Path) -> None:
    """With its number of rounds, which grows with its versions; tests hash more quickly."""
    assert printed(folder, "hasattr(s, 'PASSWORD_HASHERS')") == "False"
    assert global_settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.PBKDF2PasswordHasher"


def test_with_https_cookies_are_secure_and_belong_to_the_host(folder: Path) -> None:
    https = {"CERSGROUPS_URL": "https://groups.fig.example", "CERSGROUPS_BEHIND_PROXY": "true"}
    secure, names = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE", "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME"
    expression = f"{secure}, {names}, s.MESSAGE_COOKIE_NAME"
    assert printed(folder, expression, **https) == "True True __Host-session __Host-csrftoken __Host-messages"
    assert printed(folder, expression) == "False False session csrftoken messages"


def test_with_https_browsers_are_told_to_insist_on_it_for_a_year(folder: Path) -> None:
    https = {"CERSGROUPS_URL": "https://groups.fig.example", "CERSGROUPS_BEHIND_PROXY": "true"}
    expression = "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS"
    assert printed(folder, expression, **https) == "True 31536000 True"
    assert printed(folder, expression, **https, CERSGROUPS_HSTS_SECONDS="0") == "True 0 False"
    assert printed(folder, expression) == "False 0 False"


def test_people_reach_it_by_the_host_of_the_url_only(folder: Path) -> None:
    public = {"CERSGROUPS_URL": "https://groups.fig.example", "CERSGROUPS_BEHIND_PROXY": "true"}
    assert printed(folder, "s.ALLOWED_HOSTS", **public, CERSGROUPS_HOST="10.0.0.5") == "['groups.fig.example']"


def test_without_a_database_url_the_application_is_not_the_owner(folder: Path) -> None:
    assert printed(folder, "s.DATABASES['default']['USER'], s.DATABASES['owner']['USER']") == (
        "cersgroups_app cersgroups_owner"
    )


def test_with_an_owners_url_alone_the_application_takes_its_role_on_every_connection(folder: Path) -> None:
    url = {"DATABASE_URL": "postgresql://own:p%40ss@127.0.0.1:5433/fig?connect_timeout=5"}
    assert printed(folder, "s.DATABASES['default']['OPTIONS']", **url) == (
        "{'connect_timeout': '5', 'options': '-c role=cersgroups_app'}"
    )
    assert printed(folder, "s.DATABASES['owner']['OPTIONS']", **url) == "{'connect_timeout': '5'}"
    assert printed(folder, "s.DATABASES['default']['PASSWORD'], s.DATABASES['default']['PORT']", **url) == "p@ss 5433"


def test_with_both_urls_each_is_used_as_it_is(folder: Path) -> None:
    urls = {"DATABASE_URL": "postgresql://app@127.0.0.1/fig", "DATABASE_OWNER_URL": "postgresql://own@127.0.0.1/fig"}
    assert printed(folder, "s.DATABASES['default']['USER'], s.DATABASES['default']['OPTIONS']", **urls) == "app {}"
    assert printed(folder, "s.DATABASES['owner']['USER']", **urls) == "own"


def test_a_password_for_mail_never_travels_in_clear_text(folder: Path) -> None:
    expression = "s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL"
    plain = printed(folder, expression, CERSGROUPS_SMTP_URL="smtp://ada:secret@mail.fig.example")
    assert plain == "mail.fig.example 587 True False"
    assert printed(folder, expression, CERSGROUPS_SMTP_URL="smtps://ada:secret@mail.fig.example") == (
        "mail.fig.example 465 False True"
    )


def test_without_a_mail_server_mails_are_printed_only_where_nobody_else_reaches_the_program(folder: Path) -> None:
    """A link in one lets whoever reads the journal set somebody's password."""
    public = {"CERSGROUPS_URL": "https://groups.fig.example", "CERSGROUPS_BEHIND_PROXY": "true"}
    assert printed(folder, "s.EMAIL_BACKEND") == "django.core.mail.backends.console.EmailBackend"
    assert printed(folder, "s.EMAIL_BACKEND", **public) == "cersgroups.records.mail.UnsentMail"
    assert printed(folder, "s.EMAIL_BACKEND", **public, CERSGROUPS_SMTP_URL="smtp://mail.fig.example") == (
        "django.core.mail.backends.smtp.EmailBackend"
    )


def test_an_issuer_that_is_no_address_is_told(folder: Path) -> None:
    variables = {"CERSGROUPS_OIDC_GOOGLE_CLIENT_ID": "a", "CERSGROUPS_OIDC_GOOGLE_ISSUER": "https://["}
    assert "CERSGROUPS_OIDC_GOOGLE_ISSUER is no address: " in started(folder, "s.URL", **variables).stderr


@pytest.mark.parametrize("shared", ["common", "Organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"])
def test_microsofts_issuer_must_be_the_districts_own_directory(folder: Path, shared: str) -> None:
    variables = {
        "CERSGROUPS_OIDC_MICROSOFT_CLIENT_ID": "a",
        "CERSGROUPS_OIDC_MICROSOFT_ISSUER": f"https://login.microsoftonline.com/{shared}/v2.0",
    }
    done = started(folder, "s.SOCIALACCOUNT_PROVIDERS", **variables)
    assert done.returncode != 0
    assert "lets anybody's directory say who somebody is" in done.stderr
    own = variables | {"CERSGROUPS_OIDC_MICROSOFT_ISSUER": "https://login.microsoftonline.com/live-oak.example/v2.0/"}
    assert "'https://login.microsoftonline.com/live-oak.example/v2.0'" in printed(
        folder, "s.SOCIALACCOUNT_PROVIDERS", **own
    )


@pytest.mark.parametrize("entry", ["https://sis.example", "sis.example:443", "[::1]", "ana@sis.example"])
def test_a_server_on_the_list_is_a_name_alone(folder: Path, entry: str) -> None:
    done = started(folder, "s.OUTGOING_HOSTS", CERSGROUPS_OUTGOING_HOSTS=f"*.aeries.example, {entry}")
    assert f"CERSGROUPS_OUTGOING_HOSTS holds {entry!r}. Write the name of a server alone" in done.stderr


def test_an_ipv6_address_is_in_brackets_in_the_url(folder: Path) -> None:
    assert printed(folder, "s.URL", CERSGROUPS_HOST="::1") == "http://[::1]:8000"

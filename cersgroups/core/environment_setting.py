"""Every setting that the program reads from the environment: what it means, and what holds where it is not set.

docs/settings.md is made from SECTIONS and compared with it by a test. environment.py reads settings by their names, and
takes the default from here: neither can be another than the page says.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One variable. `default` is its value where it is not set, `choices` are the only values allowed.

    Where that value is worked out from other settings, or there is none, `told` says on the page what holds then.
    """

    name: str
    meaning: str
    default: str = ""
    told: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Settings that stand together on the page; `note` is what its table cannot say."""

    title: str
    settings: tuple[Setting, ...]
    note: str = ""


_INVITED = """\
Who signs in with Google or Microsoft must have been invited by the address that the provider vouches for: Google's
verified e-mail; in Microsoft's directory the user name of a member (guests are kept out), or the e-mail if the app
registration sends the optional claim `xms_edov` and it says yes. Invite people by that address. Whatever else stands in
`email` is not believed."""

_KEPT = """\
A new LEA begins with these; its admin sees and changes them at any time (Settings, Retention). LEAs that are there
already keep what they have: a changed setting is for those that come after it."""

SECTIONS = (
    Section(
        "Where things are",
        (
            Setting(
                "CERSGROUPS_DATA",
                "the data folder: the embedded database, rosters, extracts, the secret key. Nobody else may list it",
                told=(
                    "of root `/var/lib/cersgroups`, else `~/.local/share/cersgroups`; on macOS "
                    "`~/Library/Application Support/cersgroups`"
                ),
            ),
            Setting(
                "DATABASE_URL",
                "a PostgreSQL of one's own, 15 or newer: "
                "`postgresql://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full`; USER is `cersgroups_app`. "
                "Without `DATABASE_OWNER_URL` it is the tables' owner and may create that role, which the "
                "application then takes; `doctor` warns of it",
                told="the embedded PostgreSQL in the data folder",
            ),
            Setting(
                "DATABASE_OWNER_URL",
                "the URL of the tables' owner, for migrations, `backup`, `restore`, `doctor`, `leas` and `remove-lea` "
                "([install.md](install.md))",
                told="as `DATABASE_URL`",
            ),
            Setting(
                "CERSGROUPS_BUCKET",
                "an S3-compatible bucket for rosters, extracts and ledgers, for several machines that share no "
                "folder; each data folder is then a cache of what its machine used in the last seven days; what "
                "is removed elsewhere goes from it within an hour. A bucket with versioning keeps what is removed "
                "as old versions: switch versioning off, or let a lifecycle rule delete noncurrent versions after "
                "as many days as you may keep them. `DATABASE_URL`, `CERSGROUPS_SECRET_KEY` and "
                "`CERSGROUPS_ENCRYPTION_KEYS` must be set too, the same everywhere. The credential is found as "
                "the AWS SDK does it (`AWS_ACCESS_KEY_ID`, files, the machine's role)",
                told="everything lies in the data folder",
            ),
            Setting(
                "CERSGROUPS_BUCKET_ENDPOINT",
                "the address of a storage that is not Amazon's",
                told="Amazon's, of `AWS_DEFAULT_REGION`",
            ),
            Setting("CERSGROUPS_BUCKET_PREFIX", "comes before every name in the bucket"),
            Setting(
                "CERSGROUPS_STATIC",
                "where styles and scripts are put for the pages, at each start",
                told="`<data folder>/static`",
            ),
        ),
    ),
    Section(
        "How people reach it",
        (
            Setting("CERSGROUPS_HOST", "the address to listen on", default="127.0.0.1"),
            Setting("CERSGROUPS_PORT", "the port to listen on", default="8000"),
            Setting(
                "CERSGROUPS_URL",
                "what people type; must be `https://` unless only this machine can reach it",
                told="`http://127.0.0.1:8000`",
            ),
            Setting(
                "CERSGROUPS_ALLOWED_HOSTS",
                "names that the program answers to, separated by commas; never `*`",
                told="the name in `CERSGROUPS_URL`; on this machine also `localhost`",
            ),
            Setting(
                "CERSGROUPS_OUTGOING_HOSTS",
                "the servers that admins of LEAs may have asked as a SIS or as CERS, separated by commas; "
                "`*.aeries.example` means all below that name. Set it where admins are not who runs the machine: "
                "they could have servers of its network asked",
                told="any host",
            ),
            Setting(
                "CERSGROUPS_BEHIND_PROXY",
                "`true` if a proxy with TLS stands in front, which sets `X-Forwarded-Proto` and `X-Forwarded-For` "
                "itself",
                default="false",
            ),
            Setting(
                "CERSGROUPS_SECURE_COOKIES",
                "whether cookies travel by TLS only",
                told="`true` with an `https://` URL",
            ),
            Setting(
                "CERSGROUPS_HSTS_SECONDS",
                "how long browsers shall insist on TLS, for this name and those below it; 0: they are not told",
                told="a year with an `https://` URL",
            ),
            Setting(
                "CERSGROUPS_SECRET_KEY",
                "signs sessions and links; at least 32 characters",
                told="made at the first start, kept in the data folder",
            ),
            Setting(
                "CERSGROUPS_ENCRYPTION_KEYS",
                "seal credentials and second factors in the database; several, separated by commas: the first "
                "seals, all of them open. Each is 32 bytes in URL-safe base64 ([install.md](install.md) makes one). "
                "Who sets it later puts what is in the file `encryption_key` here",
                told="made at the first start, kept in the data folder",
            ),
            Setting(
                "CERSGROUPS_DEBUG",
                "shows the program's inside in error pages; refused unless only this machine can reach it",
                default="false",
            ),
            Setting("CERSGROUPS_ROSTER_MAX_MB", "the largest roster that a browser may send", default="4096"),
            Setting(
                "CERSGROUPS_SCANNER",
                "a virus scanner: the path of a program that is given the paths of the files of each uploaded roster "
                "and side file. It ends with 0 for what may pass and with 1 for what may not; an upload that it cannot "
                "look at is refused too ([install.md](install.md))",
                told="uploads are not scanned",
            ),
            Setting(
                "CERSGROUPS_API_PER_MINUTE",
                "how many requests one API token may make in a minute; 0: as many as it likes",
                default="300",
            ),
            Setting(
                "CERSGROUPS_PAGES_PER_MINUTE",
                "how many pages one person may ask for in a minute, of each process of the web server; a third as "
                "many forms, four times as many parts that a page asks for by itself; 0: as many as they like",
                default="900",
            ),
            Setting(
                "CERSGROUPS_UPLOAD_STATUS_SECONDS",
                'how long CERS is asked what became of an accepted file, before "accepted" is the last word',
                default="300",
            ),
            Setting(
                "CERSGROUPS_UPLOAD_PAUSE_SECONDS",
                "the first pause before an upload is tried again; it doubles up to a quarter of an hour",
                default="5",
            ),
        ),
    ),
    Section(
        "How long data are kept",
        (
            Setting(
                "CERSGROUPS_KEEP_EXTRACTS_DAYS",
                "days after which the files of extracts and uploads are removed: 30 to 36500",
                told="for ever",
            ),
            Setting(
                "CERSGROUPS_KEEP_ROSTERS_DAYS",
                "the same for rosters: 30 to 36500. The current one stays, and each of which extracts are kept",
                told="for ever",
            ),
            Setting(
                "CERSGROUPS_KEEP_LEDGERS_DAYS",
                "the same for earlier states of what CERS holds: 30 to 36500",
                told="for ever",
            ),
            Setting(
                "CERSGROUPS_KEEP_AUDIT_DAYS",
                "the same for entries of the audit log: 366 to 36500",
                told="for ever",
            ),
        ),
        note=_KEPT,
    ),
    Section(
        "Watching it",
        (
            Setting(
                "CERSGROUPS_LOG_FORMAT",
                "`line`, or `json`: one JSON object a line. Neither ever holds what a request, a query or an "
                "exception says",
                default="line",
                choices=("line", "json"),
            ),
            Setting(
                "CERSGROUPS_METRICS_ADDRESSES",
                "who may read `/metrics` ([monitoring.md](monitoring.md)): addresses and networks "
                "(`10.1.0.0/16`), separated by commas",
                default="127.0.0.1, ::1",
            ),
            Setting(
                "CERSGROUPS_METRICS_TOKEN_FILE",
                "a file with a token of at least 32 characters; who sends it (`Authorization: Bearer ...`) may "
                "read `/metrics` from anywhere. It must be the program's user's, and nobody else may read it",
            ),
        ),
    ),
    Section(
        "Mail and sign-in",
        (
            Setting(
                "CERSGROUPS_SMTP_URL",
                "`smtp://USER:PASSWORD@HOST:PORT` (with a user: STARTTLS) or `smtps://...`",
                told=(
                    "no mail is sent, and the log says so without what is in it; where only this machine reaches the "
                    "program, to try it, mails are printed whole"
                ),
            ),
            Setting("CERSGROUPS_MAIL_FROM", "the sender of mails", told="`cersgroups@127.0.0.1`"),
            Setting(
                "CERSGROUPS_IDLE_MINUTES",
                "who does nothing for so many minutes is signed out; what a page asks by itself is nothing done. "
                "0: a session ends with the browser, and 12 hours after signing in, only",
                default="120",
            ),
            Setting(
                "CERSGROUPS_SECOND_FACTOR",
                "of whom more than a password is demanded: nobody (`offered`), whoever is an admin of an LEA "
                "(`admins`), or `everybody`. Whoever has signed in by a password alone, or by Google or Microsoft "
                "(see the next one), and has neither a passkey nor an authenticator app here then reaches only the "
                "pages of their account until one is added. API tokens go on as they are",
                default="offered",
                choices=("offered", "admins", "everybody"),
            ),
            Setting(
                "CERSGROUPS_PROVIDER_FACTORS",
                "where more than a password is demanded, what coming by Google or Microsoft counts as. `asked`: one "
                "factor, unless the ID token says several (`mfa` in `amr`), which neither does by itself. `trusted`: "
                "several, because the district's own directory demands them of everybody",
                default="asked",
                choices=("asked", "trusted"),
            ),
            Setting(
                "CERSGROUPS_OIDC_GOOGLE_CLIENT_ID",
                "of the district's OAuth client at Google; the button appears with it",
            ),
            Setting("CERSGROUPS_OIDC_GOOGLE_SECRET", "of that client"),
            Setting("CERSGROUPS_OIDC_GOOGLE_ISSUER", "whom to trust", default="https://accounts.google.com"),
            Setting("CERSGROUPS_OIDC_MICROSOFT_CLIENT_ID", "of the app registration in Microsoft Entra"),
            Setting("CERSGROUPS_OIDC_MICROSOFT_SECRET", "of that registration"),
            Setting(
                "CERSGROUPS_OIDC_MICROSOFT_ISSUER",
                "`https://login.microsoftonline.com/TENANT/v2.0` of the district's own tenant; without it there "
                "is no button, as any tenant can claim any e-mail. `common`, `organizations` and `consumers` are "
                "refused",
            ),
        ),
        note=_INVITED,
    ),
    Section(
        "Of single commands",
        (
            Setting(
                "CERSGROUPS_CERS_PASSWORD",
                "`cersgroups upload`: the password for CERS, if the credential file names no file that holds it",
            ),
            Setting("CERSGROUPS_CERS_CLIENT_SECRET", "the same for the client secret"),
            Setting(
                "CERSGROUPS_SECRET_CERTIFICATE",
                "a command with a SOURCE.toml ([sources.md](sources.md)): the certificate of the Aeries API; it comes "
                "before that of `secret_file`, as those below do",
            ),
            Setting("CERSGROUPS_SECRET_PASSWORD", "the same for the password of the Aeries database"),
            Setting("CERSGROUPS_SECRET_CLIENT_SECRET", "the same for the client secret of OneRoster by REST"),
            Setting(
                "SSL_CERT_FILE",
                "whatever asks CERS or a SIS, an installation too: a file (PEM) with the certificates of the "
                "authorities that may vouch for their servers, such as the district's own; no others then do",
                told="the public authorities, as the library `certifi` lists them",
            ),
        ),
    ),
)

SETTINGS = {setting.name: setting for section in SECTIONS for setting in section.settings}


def as_markdown() -> str:
    """The sections of docs/settings.md."""
    return "\n".join(_section(section) for section in SECTIONS)


def _section(section: Section) -> str:
    rows = [f"| `{one.name}` | {one.meaning} |{_default(one)}|" for one in section.settings]
    note = ["", section.note] if section.note else []
    return "\n".join([f"## {section.title}", "", "| Name | Meaning | Default |", "|---|---|---|", *rows, *note, ""])


def _default(setting: Setting) -> str:
    told = f"`{setting.default}`" if setting.default else setting.told
    return f" {told} " if told else " "

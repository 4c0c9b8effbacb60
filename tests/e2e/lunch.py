"""As if a person had done nothing for two hours: python -m tests.e2e.lunch E-MAIL"""

import sys

from cersgroups.cli.application import application


def main(email: str) -> None:
    with application():
        from allauth.usersessions.models import UserSession

        from cersgroups.web.session import USED_AT, SessionStore

        for line in UserSession.objects.filter(user__email=email):
            session = SessionStore(line.session_key)
            session[USED_AT] -= 2 * 3600
            session.save()


if __name__ == "__main__":
    main(sys.argv[1])

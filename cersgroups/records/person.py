"""Someone who signs in, by e-mail. People stand outside the LEAs; a membership says what they may do in one."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, name: str = "", password: str | None = None) -> "Person":
        """Without a password the person can only sign in by OIDC, or set one by mail."""
        person = self.model(email=clean_email(email), name=name.strip())
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=clean_email(username or ""))


def clean_email(email: str) -> str:
    """E-mails are kept in lower case: one address, one person."""
    return email.strip().lower()


class Person(AbstractBaseUser):
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        db_table = "person"
        constraints = (models.UniqueConstraint(Lower("email"), name="one_person_per_email"),)

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

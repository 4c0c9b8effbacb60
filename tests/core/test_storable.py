"""What others send is stored, whatever JSON let through."""

from cersgroups.core.storable import storable


def test_what_a_database_cannot_hold_goes() -> None:
    assert storable("Oak\0 \ud800 Élan 樹") == "Oak ? Élan 樹"

"""Password hashes."""

from chalicelib.services import passwords


def test_a_password_is_kept_as_argon2id_by_rfc_9106() -> None:
    made = passwords.hash_password("correct horse")
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert made != passwords.hash_password("correct horse")
    assert passwords.verify("correct horse", made)
    assert not passwords.verify("Correct horse", made)


def test_nothing_is_right_when_there_is_no_user_or_no_hash() -> None:
    assert not passwords.verify("no user has this password", None)
    assert not passwords.verify("", "")
    assert not passwords.verify("x", "not a hash")

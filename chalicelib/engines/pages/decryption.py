"""Opening an encrypted PDF, and keeping in the clear what its encryption leaves in the clear."""

from typing import Any

from pypdf import PasswordType, PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NullObject,
    StreamObject,
    read_object,
)

from chalicelib.domain.errors import EncryptedDocument


def decrypt(reader: PdfReader, password: str | None) -> None:
    """Unlock ``reader``, by ``password`` only if an empty one does not do. Raises ``EncryptedDocument``."""
    if reader.decrypt("") != PasswordType.NOT_DECRYPTED:
        return
    if not password:
        raise EncryptedDocument("The PDF is encrypted: send its password as the option 'password'.")
    if reader.decrypt(password) == PasswordType.NOT_DECRYPTED:
        raise EncryptedDocument("The PDF is encrypted, and the password given does not open it.")


def restore_plain_stream(reader: PdfReader, stream: StreamObject, key: tuple[int, int]) -> bool:
    """Undo pypdf's decryption of a stream that was not encrypted, and drop its /Crypt filter; whether it was.

    pypdf 7.1 decrypts every stream alike: also the metadata of a document that leaves them readable, and what
    an /Identity crypt filter exempts (PDF 32000-1, 7.4.10 and 7.6.5).
    """
    chosen = _without_crypt_filter(stream)
    plain = chosen == "/Identity" or (stream.get("/Type") == "/Metadata" and _leaves_metadata(reader))
    if plain:
        stream._data = _stored_bytes(reader, stream, key)
    return plain


def _leaves_metadata(reader: PdfReader) -> bool:
    encryption = reader.trailer["/Encrypt"]
    encrypted = encryption.get("/EncryptMetadata") if isinstance(encryption, DictionaryObject) else None
    return isinstance(encrypted, BooleanObject) and not encrypted.value


def _without_crypt_filter(stream: StreamObject) -> Any:
    """Remove the /Crypt filter, meaningless once decrypted, and return the crypt filter that it names."""
    filters, settings = _as_list(stream, "/Filter"), _as_list(stream, "/DecodeParms")
    if "/Crypt" not in filters:
        return None
    settings += [NullObject()] * (len(filters) - len(settings))
    at = filters.index("/Crypt")
    chosen = settings.pop(at)
    del filters[at]
    stream[NameObject("/Filter")] = ArrayObject(filters)
    stream[NameObject("/DecodeParms")] = ArrayObject(settings)
    return chosen.get("/Name", "/Identity") if isinstance(chosen, DictionaryObject) else "/Identity"


def _as_list(stream: StreamObject, name: str) -> list[Any]:
    if name not in stream:
        return []
    value = stream[name]
    return [item.get_object() for item in (value if isinstance(value, list) else [value])]


def _stored_bytes(reader: PdfReader, stream: StreamObject, key: tuple[int, int]) -> bytes:
    reader.stream.seek(reader.xref[key[1]][key[0]])
    reader.read_object_header(reader.stream)
    stored = read_object(reader.stream, reader)
    return stored._data if isinstance(stored, StreamObject) else stream._data

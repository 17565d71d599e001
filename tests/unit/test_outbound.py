"""Which addresses are public, and that a connection goes to the one that was checked."""

import datetime
import ipaddress
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.outbound.addresses import AddressRefused, Policy, is_public, parse, resolve
from chalicelib.outbound.exchange import Exchange, Request
from tests.support.receiver import answering, receiving

PRIVATE = tuple(
    one
    for row in (
        "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1",
        "172.31.255.255 192.0.0.1 192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1",
        "239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1",
        "64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1:: 2002:a9fe:a9fe:: 2001:db8::1 fc00::1",
        "fd00:ec2::254 fe80::1 fec0::1 ff02::1 100::1",
    )
    for one in row.split()
)
PUBLIC = ["1.1.1.1", "8.8.8.8", "52.95.110.1", "2606:4700:4700::1111", "2a00:1450:4001::200e", "64:ff9b::8.8.8.8"]


def test_addresses_are_public_or_not_as_the_registries_say() -> None:
    assert [one for one in PRIVATE if is_public(ipaddress.ip_address(one))] == []
    assert [one for one in PUBLIC if not is_public(ipaddress.ip_address(one))] == []


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.1",
        "[::1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:a9fe:a9fe]",
        "169.254.43518",
    ],
)
def test_an_address_is_refused_in_every_notation(host: str) -> None:
    for url in (f"https://{host}/", f"https://{host}:8443/x"):
        with pytest.raises(AddressRefused, match="not public"):
            parse(url, Policy())


def test_a_name_is_refused_when_one_of_its_addresses_is_private() -> None:
    def resolver(host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", (one, port)) for one in ("1.1.1.1", "10.0.0.1")]

    with pytest.raises(AddressRefused):
        resolve("receiver.example", 443, Policy(), resolver)


def test_the_policy_of_one_s_own_machine_allows_loopback_and_no_more() -> None:
    policy = Policy(http=True, loopback=True)
    assert parse("http://127.0.0.1:9000/", policy)
    for url in ("http://10.0.0.1/", "http://169.254.169.254/", "http://0.0.0.0/"):
        with pytest.raises(AddressRefused):
            parse(url, policy)


def test_tls_asks_for_the_name_at_the_address_that_was_checked(tmp_path: Path) -> None:
    certificate = _certificate("receiver.example", tmp_path)
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)
    names: list[str] = []
    inside.sni_callback = lambda _socket, name, _context: names.append(name)
    asked: list[str] = []

    def resolver(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    exchange = Exchange(Policy(loopback=True), resolver, ssl.create_default_context(cafile=str(certificate)))
    with receiving(answering(200), wrap=lambda one: inside.wrap_socket(one, server_side=True)) as receiver:
        url = f"https://receiver.example:{receiver.port}/x"
        assert exchange.status(Request("GET", url, {}, 5)) == 200
    assert (names, asked) == (["receiver.example"], ["receiver.example"]), "looked up once, and named in TLS"
    assert receiver.received[0].headers["host"] == f"receiver.example:{receiver.port}"


def _certificate(name: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path

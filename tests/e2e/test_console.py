"""The console in a browser: office people, administrators and guests do there what they came for."""

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest
from PIL import Image, ImageDraw
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.e2e.chromium import DESKTOP_PX, PHONE_PX, SCREENS, arrived, chromium, complaints, show
from tests.e2e.conftest import PASSWORD, Running
from tests.e2e.console_page import Console
from tests.support import documents

BUILT = Path(__file__).parents[2] / "chalicelib" / "api" / "site" / "console"
AT_FIRST_BYTES, IN_ALL_BYTES = 60_000, 150_000
"""Gzipped: what the page needs to begin, and all of it but pdf.js, which comes when a page is to be drawn."""

FROM_PDF_JS = ("pdf", "openjpeg", "jbig2")
RULES = "/api/v3/points/rules"
ATTACK = "<img src=x onerror=window.attacked=1>"
MINE = ("Convert", "History", "Points", "Batches", "Folders", "API keys", "Webhooks", "Account")
ADMINISTRATION = ("Overview", "People", "Points given", "Price", "Stuck work", "Audit")


LOSE_THE_FIRST_ANSWER = """
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) {
  XMLHttpRequest.prototype.send = send;
  const told = this.onloadend;
  this.onloadend = () => { Object.defineProperty(this, "status", { value: 0 }); told(); };
  send.call(this, body);
};
"""


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser saves files."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def _browser(downloads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("profile"), downloads) as opened:
        yield opened


@pytest.fixture
def console(_browser: Chrome, running: Running) -> Iterator[Console]:
    """The console on a desktop, whose log has nothing but that there was no session any more, or not enough points."""
    show(_browser, DESKTOP_PX)
    yield Console(_browser, running.base_url)
    wrong = [one["message"] for one in complaints(_browser)]
    assert [
        one for one in wrong if not any(known in one for known in ("status of 401", "status of 402", "[DOM]"))
    ] == []


@pytest.fixture
def person(running: Running) -> str:
    """The e-mail address of a general user with 30 points."""
    return new_person(running, "general_user")


def new_person(running: Running, role: str) -> str:
    """The e-mail address of a user nobody else uses."""
    email = f"{uuid4().hex[:12]}@example.com"
    with running.client("super@example.com") as boss:
        answer = boss.post("/api/v2/users", json={"email": email, "password": PASSWORD, "role": role})
        assert answer.status_code == 201
    return email


def workbook() -> bytes:
    """A workbook with one row."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Paper", 12.5])
    book.save(file)
    return file.getvalue()


def picture() -> bytes:
    """A red disc on white."""
    image, file = Image.new("RGB", (240, 180), "white"), io.BytesIO()
    ImageDraw.Draw(image).ellipse((60, 30, 180, 150), fill="red")
    image.save(file, "PNG")
    return file.getvalue()


def names_in(archive: Path) -> list[str]:
    """The files of a ZIP whose sums are right."""
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        return sorted(opened.namelist())


def test_five_kinds_of_files_are_converted_looked_at_and_saved(console: Console, person: str, downloads: Path) -> None:
    files = {
        "report.pdf": documents.pdf("Read in a browser."),
        "sheet.xlsx": workbook(),
        "letter.docx": documents.word("Dear reader"),
        "photo.png": picture(),
        "list.csv": 'Name;Ort\n"Müller; Söhne";Köln\n'.encode("cp1252"),
    }
    console.log_in(person)
    console.drop(files)
    console.says("5 files · 15 points")
    console.press("Pages of report.pdf: All pages")
    console.first("canvas[data-drawn]")
    console.press("Page 1")
    console.press("Use these pages")
    console.press("Convert")
    console.until_count(".status.success", 5)
    console.says("15 Points")
    console.press("Preview of sheet.xlsx")
    console.first("section[aria-label=Result] canvas[data-drawn]")
    assert "Paper" in console.text("section[aria-label=Source] table")
    assert console.violations() == []
    console.close_window()
    console.press("Preview of list.csv")
    console.says("Müller; Söhne")
    console.close_window()
    console.press("Details of report.pdf")
    console.says("1 page in, 1 page out")
    console.close_window()
    console.press("Download all as ZIP")
    assert names_in(arrived(downloads, "converted.zip")) == sorted(
        ["report.docx", "sheet.pdf", "letter.pdf", "photo.pdf", "list.pdf"]
    )
    console.browser.get("about:blank")
    console.open()
    console.until_count(".status.success", 5)


def test_a_large_file_goes_straight_to_the_bucket(console: Console, person: str) -> None:
    side_px = 1_150
    noise = Image.frombytes("RGB", (side_px, side_px), random.Random(0).randbytes(3 * side_px**2))
    file = io.BytesIO()
    noise.save(file, "BMP")
    console.log_in(person)
    console.drop({"noise.bmp": file.getvalue()})
    console.pick("What noise.bmp becomes", "image-to-pdf")
    console.press("Convert")
    console.until_count(".status.success", 1)
    sent = (
        "return performance.getEntriesByType('resource').map((one) => one.name).filter((one) => /uploads$/.test(one))"
    )
    assert len(console.browser.execute_script(sent)) == 1


def test_nothing_is_charged_twice_when_the_answer_is_lost_and_it_is_tried_again(console: Console, person: str) -> None:
    console.log_in(person)
    console.browser.execute_script(LOSE_THE_FIRST_ANSWER)
    console.drop({"report.pdf": documents.pdf("once")})
    console.press("Convert")
    console.says("The service can't be reached.")
    console.press("Try report.pdf again")
    console.until_count(".status.success", 1)
    console.go("Points")
    console.says("Opening balance")
    assert console.text("table").count("-3") == 1


def test_the_keyboard_alone_converts_and_windows_give_the_focus_back(console: Console, person: str) -> None:
    console.log_in(person)
    console.drop({"report.pdf": documents.pdf("one", "two")})
    pages = console.named("button", "Pages of report.pdf: All pages")
    pages.send_keys(Keys.ENTER)
    console.named("button", "Page 2").send_keys(Keys.SPACE)
    console.says("1 of 2 chosen")
    console.named("button", "Use these pages").send_keys(Keys.ENTER)
    console.until_focused("Pages of report.pdf: 2")
    console.named("button", "Convert").send_keys(Keys.ENTER)
    console.until_count(".status.success", 1)
    console.named("button", "Details of report.pdf").send_keys(Keys.ENTER)
    console.says("1 page out")
    console.first("dialog[open]").send_keys(Keys.ESCAPE)
    console.until_focused("Details of report.pdf")


def test_nothing_of_one_person_is_left_when_the_next_logs_in(console: Console, person: str) -> None:
    console.log_in("super@example.com")
    console.drop({"secret plan.pdf": documents.pdf("x")})
    console.says("secret plan.pdf")
    console.log_out()
    console.fill("E-mail address", person)
    console.fill("Password", PASSWORD)
    console.press("Log in")
    console.first(".frame .drop")
    console.settle()
    assert "secret plan.pdf" not in console.text()


def test_a_cut_out_is_compared_with_what_was_there(console: Console, person: str) -> None:
    console.log_in(person)
    console.drop({"photo.png": picture()})
    console.pick("What photo.png becomes", "remove-background")
    console.press("Convert")
    console.until_count(".status.success", 1)
    console.press("Preview of photo.png")
    console.first(".before-after img.after")
    assert console.violations() == []


def test_a_result_and_the_ledger_are_saved_one_by_one(console: Console, person: str, downloads: Path) -> None:
    console.log_in(person)
    console.drop({"alone.pdf": documents.pdf("Saved.")})
    console.press("Convert")
    console.until_count(".status.success", 1)
    console.press("Download alone.docx")
    assert arrived(downloads, "alone.docx").read_bytes().startswith(b"PK")
    console.go("Points")
    console.press("Download as CSV")
    ledger = list(csv.DictReader(io.StringIO(arrived(downloads, "points.csv").read_text())))
    assert [(one["status"], one["amount"]) for one in ledger] == [("spent", "-3"), ("opening", "30")]
    console.go("History")
    console.pick("Status", "failed")
    console.says("No conversions match.")


def test_a_key_is_shown_once_and_works_until_it_is_revoked(console: Console, person: str, running: Running) -> None:
    console.log_in(person)
    console.go("API keys")
    console.press("New key")
    console.fill("Name", ATTACK)
    console.click("input", "PDF to Word")
    console.press("Create")
    key = console.text("dialog pre")
    balance = f"{running.base_url}/api/v3/points/balance"
    assert httpx.get(balance, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    console.close_window()
    assert key not in console.text()
    console.says(ATTACK)
    console.press(f"Revoke: {ATTACK}")
    console.press("Revoke")
    console.says("No keys yet.")
    assert httpx.get(balance, headers={"Authorization": f"Bearer {key}"}).status_code == 401
    console.go("Folders")
    console.press("Get keys for an hour")
    console.says("aws --endpoint-url")


def test_what_is_missing_is_said_when_points_run_out(console: Console, person: str) -> None:
    console.log_in(person)
    console.drop({f"page-{one}.pdf": documents.pdf(str(one)) for one in range(11)})
    console.says("This needs 33 points and you have 30. Ask an administrator")
    assert not console.named("button", "Convert").is_enabled()


def test_what_to_do_is_said_when_the_points_went_elsewhere_meanwhile(
    console: Console, person: str, running: Running
) -> None:
    console.log_in(person)
    console.drop({"late.pdf": documents.pdf("late")})
    console.says("1 file · 3 points")
    correct(running, person, -30)
    console.press("Convert")
    console.says("Not enough points. Ask an administrator to top up your account.")
    correct(running, person, 3)
    console.press("Try late.pdf again")
    console.until_count(".status.success", 1)


def correct(running: Running, email: str, amount: int) -> None:
    """Change somebody's balance behind the page's back."""
    with running.client(email) as owner:
        user_id = owner.get("/api/v2/auth/me").json()["id"]
    with running.client("super@example.com") as boss:
        body = {"user_id": user_id, "amount": amount, "note": "Spent elsewhere."}
        assert boss.post("/api/v3/points/corrections", json=body).status_code == 200


def test_what_waits_is_cancelled_and_costs_nothing(console: Console, person: str, running: Running) -> None:
    """A file that is still being fetched waits for as long as its server does not answer."""
    with running.client(person) as owner:
        upload = owner.post("/api/v3/uploads", json={"url": "https://files.invalid/slow.pdf"}).json()
        order = {"upload_id": upload["upload_id"]}
        sent = owner.post("/api/v3/conversions/pdf-to-word", json=order, headers={"Prefer": "respond-async"})
        assert sent.status_code == 202
    console.log_in(person)
    console.says("27 Points")
    console.press("Cancel slow.pdf")
    console.until_count(".status.cancelled", 1)
    console.says("Nothing charged")
    console.says("30 Points")


def test_a_webhook_is_made_tried_looked_after_and_deleted(console: Console, person: str) -> None:
    address = "https://hooks.invalid/told"
    console.log_in(person)
    console.go("Webhooks")
    console.press("New webhook")
    console.fill("Address", address)
    console.press("Create")
    console.says("Copy this secret now")
    secret = console.text("dialog pre")
    assert secret.startswith("whsec_")
    console.close_window()
    assert secret not in console.text()
    console.press(f"Deliveries to {address}")
    console.says("No deliveries yet.")
    console.press("Send a test")
    console.until_count("dialog tbody tr", 1)
    console.says("on its way")
    assert console.violations() == []
    console.close_window()
    console.press(f"Delete: {address}")
    console.press("Delete")
    console.says("No webhooks yet.")


def test_an_admin_creates_a_person_and_tops_up_and_super_puts_right_and_forbids(
    console: Console, running: Running
) -> None:
    email = f"{uuid4().hex[:12]}@example.com"
    console.log_in(new_person(running, "admin_user"))
    console.go("People")
    console.press("New person")
    console.fill("E-mail address", email)
    console.fill("First password (at least 8 characters)", PASSWORD)
    console.press("Create")
    console.says(f"{email} can log in now.")
    console.fill("Name or e-mail address", email)
    console.click("main td a", email)
    console.press("Top up")
    console.fill("Amount", "50")
    console.fill("Note", ATTACK)
    console.press("Top up")
    console.says("The balance is now 80.")
    console.says(ATTACK)
    assert console.count("main input[type=checkbox]:not(:disabled)") == 0
    console.log_in("super@example.com")
    console.go("People")
    console.fill("Name or e-mail address", email)
    console.click("main td a", email)
    console.press("Correct")
    console.fill("Amount (negative takes away)", "-30")
    console.fill("Why (needed)", "Given twice.")
    console.press("Correct")
    console.says("The balance is now 50.")
    console.click("input", "PDF to Word")
    console.until_count(".permissions .help", 1)
    console.log_in(email)
    console.drop({f"{ATTACK.replace('/', '')}.docx": documents.word("x"), "a.pdf": documents.pdf("x")})
    console.says(ATTACK)
    assert "PDF to Word" not in console.text(".rows")
    console.go("Points")
    console.says(ATTACK)
    assert console.browser.execute_script("return window.attacked") is None


def test_super_changes_the_price_and_reads_the_audit(
    console: Console, running: Running, request: pytest.FixtureRequest
) -> None:
    with running.client("super@example.com") as boss:
        before = boss.get(RULES).json()
        request.addfinalizer(lambda: put_back(running, before))
    console.log_in("super@example.com")
    console.go("Price")
    cost = before["flat_cost_per_request"] + 1
    console.fill("Points a conversion", str(cost))
    console.press("Save")
    console.says(f"A conversion costs {cost} points from now on.")
    console.go("Audit")
    console.says("Price changed")
    console.go("Stuck work")
    console.says("Webhooks and addresses")


def put_back(running: Running, rules: dict[str, Any]) -> None:
    """The price that all other tests of the service count on."""
    with running.client("super@example.com") as boss:
        cost = {"flat_cost_per_request": rules["flat_cost_per_request"]}
        assert boss.put(RULES, json=cost).status_code == 200


def test_demo_sees_and_can_not_do(console: Console) -> None:
    console.log_in("demo@example.com")
    console.says("A demo account may look at everything, but converts nothing.")
    assert console.count(".drop") == 0
    for view in ("API keys", "Webhooks", "Batches", "Points"):
        console.go(view)
        assert [one for one in console.buttons() if one not in ("Reload", "Download as CSV")] == []
    assert "Administration" not in console.text("header")


def test_no_view_shuts_anybody_out(console: Console) -> None:
    console.log_in("super@example.com")
    wrong = {}
    for view in (*MINE, *ADMINISTRATION):
        show(console.browser, DESKTOP_PX)
        console.go(view)
        for width_px, scheme in SCREENS:
            show(console.browser, width_px, scheme)
            assert console.browser.execute_script("return document.documentElement.scrollWidth") <= width_px, view
            if (width_px, scheme) in ((DESKTOP_PX, "light"), (PHONE_PX, "dark")):
                wrong[f"{view}, {scheme}"] = console.violations()
    assert {view: found for view, found in wrong.items() if found} == {}


def test_a_session_is_held_where_no_script_reads_it(console: Console, person: str, running: Running) -> None:
    console.log_in(person)
    address = f"{running.base_url}/api/v2/auth/session/token"
    (cookie,) = console.browser.execute_cdp_cmd("Network.getCookies", {"urls": [address]})["cookies"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/api/v2/auth/session")
    assert "eyJ" not in console.stored()
    console.browser.refresh()
    console.first("main .drop")
    console.log_out()
    console.named("button", "Log in")
    console.browser.refresh()
    console.named("button", "Log in")


def test_the_password_is_changed_and_the_page_stays(console: Console, person: str, running: Running) -> None:
    console.log_in(person)
    console.go("Account")
    console.fill("Current password", PASSWORD)
    console.fill("New password (at least 8 characters)", "another password")
    console.fill("New password again", "another password")
    console.press("Change password")
    console.says("Your password is changed.")
    console.go("History")
    answer = httpx.post(f"{running.base_url}/api/v2/auth/login", json={"email": person, "password": "another password"})
    assert answer.status_code == 200


def test_the_page_speaks_german_when_it_is_asked_to(console: Console, person: str) -> None:
    console.log_in(person)
    console.pick("Language", "de")
    console.says("Dateien oder Ordner hierher ziehen")
    assert console.browser.execute_script("return document.documentElement.lang") == "de"
    console.pick("Sprache", "en")


def test_the_page_stays_small() -> None:
    own = [one for one in BUILT.glob("*.*s") if not one.name.startswith(FROM_PDF_JS)]
    sizes = {one.name: len(gzip.compress(one.read_bytes())) for one in own}
    page = (BUILT / "index.html").read_text()
    assert 0 < sum(size for name, size in sizes.items() if name in page) <= AT_FIRST_BYTES
    assert sum(sizes.values()) <= IN_ALL_BYTES

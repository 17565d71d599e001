"""Each command that the operator's guide shows is one: its AWS operation and options, its target of make, its file."""

import re
import subprocess
from importlib.util import find_spec

import botocore.session
import pytest
from botocore import xform_name

from infra import template
from infra.deploy import account
from infra.template import ROOT

GUIDE = (ROOT / "docs" / "operator.md").read_text()
SHELL = "\n".join(re.findall(r"^```bash\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
INLINE = [" ".join(one.split()) for one in re.findall(r"(?<!`)`([^`]+)`(?!`)", GUIDE)]
COMMANDS = [SHELL.replace("\\\n", " "), *INLINE]
OF_EVERY_CALL = {"query", "output"}
OF_S3 = {"rb": {"force"}}
"""Options of the CLI's own: of each call, and of its commands for S3 that the guide uses."""


def aws_calls() -> list[tuple[str, str, str, frozenset[str]]]:
    """Service, operation, what follows it, and options of every call in the guide."""
    found = []
    for text in COMMANDS:
        for one in re.finditer(r"\baws ([a-z0-9]+) ([a-z0-9-]+)( [a-z-]+)?(.*?)(?=\baws |&&|;|\n|#|$)", text):
            found.append((one[1], one[2], (one[3] or "").strip(), frozenset(re.findall(r"(?<=\s)--([a-z-]+)", one[4]))))
    return sorted(set(found), key=str)


@pytest.mark.parametrize("call", aws_calls(), ids=lambda one: f"{one[0]} {one[1]} {one[2]}")
def test_a_call_of_aws_is_one_when_an_operator_pastes_it(call: tuple[str, str, str, frozenset[str]]) -> None:
    service, operation, waited, options = call
    if service == "s3":
        assert options <= OF_S3[operation]
        return
    session = botocore.session.get_session()
    model = session.get_service_model(service)
    if operation == "wait":
        waiters = session.get_waiter_model(service)
        (awaited,) = [one for one in waiters.waiter_names if xform_name(one, "-") == waited]
        operation = xform_name(waiters.get_waiter(awaited).operation, "-")
    (name,) = [one for one in model.operation_names if xform_name(one, "-") == operation]
    shape = model.operation_model(name).input_shape
    members = {xform_name(one, "-"): member.type_name for one, member in shape.members.items()} if shape else {}
    switches = {f"no-{one}" for one, kind in members.items() if kind == "boolean"}
    assert options <= {*members, *switches, *OF_EVERY_CALL}


def test_make_knows_every_target_and_variable_that_the_guide_gives_it() -> None:
    makefile = (ROOT / "Makefile").read_text()
    given = [one for text in COMMANDS for one in re.findall(r"\bmake ([a-z]+)((?: [A-Z_]+=(?:\"[^\"]*\"|\S*))*)", text)]
    assert {"deploy", "doctor", "recount", "package"} <= {target for target, _ in given}
    for target, variables in given:
        recipe = re.search(rf"^{target}:.*?(?=^\S)", makefile, re.MULTILINE | re.DOTALL)
        assert recipe, target
        for name in re.findall(r" ([A-Z_]+)=", variables):
            assert f"$({name})" in recipe[0], name


def test_the_shell_understands_every_line_and_knows_what_it_calls() -> None:
    result = subprocess.run(["bash", "-n"], input=SHELL, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    for name in ("output", "resource"):
        assert SHELL.count(f"{name}()") == 1
        assert SHELL.index(f"{name}()") < SHELL.index(f"$({name} ")


def test_programs_and_files_are_there_when_the_guide_names_them() -> None:
    programs = {one for text in COMMANDS for one in re.findall(r"python -m ([a-z_.]+)", text)}
    assert {"infra.first_user", "infra.doctor", "benchmarks.cost"} <= programs
    assert [one for one in programs if find_spec(one) is None] == []
    files = [one for one in INLINE if re.fullmatch(r"(infra|docs|tests|benchmarks)/[\w/.-]+", one)]
    assert [one for one in files if not (ROOT / one).exists()] == []
    interpreters = {one for text in COMMANDS for one in re.findall(r"(\.\S+)/python -m", text)}
    makefile = (ROOT / "Makefile").read_text()
    assert [one for one in interpreters if f":= {one}\n" not in makefile] == []


def test_resources_that_the_guide_looks_up_are_the_templates() -> None:
    loops = re.findall(r"for one in ((?:[A-Z]\w+ ?)+); do", SHELL)
    named = {*re.findall(r"\$\(resource (\w+)\)", SHELL), *" ".join(loops).split()}
    assert named >= {"IntakeDeadLetters", "UsersTable", "LedgerTable", "ConversionsTable", "APIHandler"}
    assert named <= template.load()["Resources"].keys()
    assert f"`{account.LOG_ROLE}`" in GUIDE
    assert f"for one in {' '.join(account.IMAGES)}; do aws ecr delete-repository" in SHELL
    assert account.Account("1", "eu-west-1").bucket == "convertpro-artifacts-1-eu-west-1"


def test_a_parameter_has_the_default_that_the_guide_says() -> None:
    parameters = template.load()["Parameters"]
    rows = re.findall(r"^\| ((?:`[A-Z]\w+`(?:, )?)+) \| ([^|]*) \|[^|]*\|$", GUIDE, re.MULTILINE)
    told: dict[str, str] = {}
    for names, values in rows:
        known = re.findall(r"`(\w+)`", names)
        if known[0] in parameters:
            written = [one.strip("` ") for one in values.split(",")]
            told |= zip(known, written if len(written) == len(known) else written * len(known), strict=True)
    in_words = {"": "empty", None: "–"}
    assert told == {name: str(in_words.get(one.get("Default"), one.get("Default"))) for name, one in parameters.items()}


def test_an_age_alarm_goes_off_when_the_guide_says() -> None:
    in_words = {300: "five minutes", 1800: "half an hour", 3600: "older than an hour"}
    for name, alarm in template.resources(template.load(), "AWS::CloudWatch::Alarm").items():
        if alarm["MetricName"] == "ApproximateAgeOfOldestMessage":
            (row,) = [line for line in GUIDE.splitlines() if line.startswith("| ") and f"`{name}`" in line]
            assert in_words[alarm["Threshold"]] in row.split("|")[2], name
    queues = template.resources(template.load(), "AWS::SQS::Queue").values()
    assert {one["RedrivePolicy"]["maxReceiveCount"] for one in queues if "RedrivePolicy" in one} == {5}, "five times"

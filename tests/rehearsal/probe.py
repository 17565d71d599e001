"""An engine that tries to get out, inside a sandbox, as a hostile document's would."""

import json
import shutil

from infra.rehearsal.cloud import LOGS, Cloud
from infra.rehearsal.images import HOME
from infra.rehearsal.sandbox import Place, Sandbox
from infra.template import ROOT

WORKER = """
import json, os, sys, tempfile, threading
from pathlib import Path
from chalicelib.engines import jail
from chalicelib.engines.job import Job
from chalicelib.engines.process import EngineProcess
jail.protect_this_process()
engine = EngineProcess("probe", [sys.argv[1], "-m", "chalicelib.engines.host", "fake_engine"], Path("/var/task"),
                       extra_environment={"PYTHONPATH": "/var/task:/opt/probe"})
def run(before):
    with tempfile.TemporaryDirectory(prefix="job-") as folder:  # as services.run makes it
        (work := Path(folder) / "work").mkdir()
        Path(folder, "invoice.pdf").write_text("x")
        paths = [f"/proc/{os.getpid()}/environ", "/var/task/.local/jwt-secret", *before]
        job = Job("break_out", (), work / "output", work, {"paths": paths, "ports": json.loads(sys.argv[2])})
        report = engine.run(job, lambda *_: None, threading.Event()).report
        print("PROBE", json.dumps(report), flush=True)
        return [str(Path(folder, "invoice.pdf"))]
run(run([]))
"""


def engines_reach_nothing(cloud: Cloud) -> str:
    """From inside an engine: no socket but local ones, no Runtime API, nothing of the worker's environment, no secret.

    Lambda refuses Landlock, and so does the sandbox: of the job before, nothing is there any more that could be read.
    """
    documents = cloud.functions["DocumentsFunction"]
    layer = HOME / "probe"
    shutil.rmtree(layer, ignore_errors=True)
    (layer / "opt" / "probe").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "unit" / "engines" / "fake_engine.py", layer / "opt" / "probe")
    ports = [port for one in cloud.functions.values() for port in one.runtime_ports()]
    command = ["/opt/worker/bin/python", "-c", WORKER, "/opt/tables/bin/python", json.dumps(ports)]
    environment = {**documents.environment, "PYTHONPATH": "/var/task", "AWS_SECRET_ACCESS_KEY": "a secret"}
    layers = (*documents.artefact.layers, layer)
    place = Place(layers, documents.memory_mb * 1024**2, 512 * 1024**2, command, environment)
    log = LOGS / "probe.log"
    sandbox = Sandbox("probe", place, log)
    status = sandbox.wait()
    sandbox.kill()
    found = [line for line in log.read_text().splitlines() if line.startswith("PROBE ")]
    assert status == 0, log.read_text()[-2000:]
    assert len(found) == 2, log.read_text()[-2000:]
    for report in (json.loads(line.removeprefix("PROBE ")) for line in found):
        assert report["sockets"] == [], report
        assert report["connected"] == [], report
        assert report["read"] == [], report
    assert ports, "no Runtime API was there to be reached"
    return f"of {len(ports)} Runtime APIs none, no socket but local ones, no environment, secret or file of another job"

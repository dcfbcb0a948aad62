"""Stands in for the process that runs a model file: does what the file says in its first word."""

import json
import os
import signal
import sys
import time
from pathlib import Path

folder, form, _ = sys.argv[1:]
said = (Path(folder) / f"model.{form}").read_text()
if said == "sleep":
    time.sleep(60)
elif said == "crash":
    os.kill(os.getpid(), signal.SIGSEGV)
elif said == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
elif said == "leave":
    sys.exit(3)
elif said == "refuse":
    (Path(folder) / "outcome.json").write_text(json.dumps({"problem": "gives 7 numbers \x1b[31man image."}))
elif said == "lie":
    (Path(folder) / "outcome.json").write_text('{"found": {"form": "poem"}}')

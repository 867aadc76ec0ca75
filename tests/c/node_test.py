"""A host in JavaScript, by koffi from npm: the program in the guide, and tests with many calls at once."""

import os
import subprocess

import support

support.need("node", "npm")
folder = support.WORK / "node"
if not (folder / "node_modules/koffi").exists():
    folder.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--fetch-retries=1", "--prefix", folder,
                          "koffi@2"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if got.returncode:
        support.skip("npm cannot get koffi here: " + (got.stderr.strip().splitlines() or ["no reason given"])[-1])

environment = {**os.environ, "NODE_PATH": str(folder / "node_modules"), "LD_LIBRARY_PATH": str(support.LIBRARY.parent)}
program, promised = support.guide("js")
(folder / "desk.js").write_text(program, encoding="utf-8")
support.same(support.run("node", folder / "desk.js", env=environment), promised)
print(support.run("node", "--test", support.SOURCE / "tests/c/help_desk_test.js", env=environment))

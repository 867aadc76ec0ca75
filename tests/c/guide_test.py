"""The C program in the guide compiles as strictly as a compiler can, and prints what the guide says."""

import os

import support

program, promised = support.guide("c")
folder = support.WORK / "guide"
folder.mkdir(parents=True, exist_ok=True)
(folder / "desk.c").write_text(program, encoding="utf-8")
support.run(os.environ.get("CC", "cc"), "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror",
            f"-I{support.SOURCE / 'bindings/c'}", folder / "desk.c", "-o", folder / "desk",
            support.LIBRARY, f"-Wl,-rpath,{support.LIBRARY.parent}")
support.same(support.run(folder / "desk", cwd=folder), promised)

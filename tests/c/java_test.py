"""A host in Java, by JNA (Debian: libjna-java). GUICHET_JNA names its jar where it is elsewhere."""

import os
import pathlib

import support

support.need("java", "javac")
jar = pathlib.Path(os.environ.get("GUICHET_JNA", "/usr/share/java/jna.jar"))
if not jar.exists():
    support.skip(f"there is no {jar}; install libjna-java, or name the jar in GUICHET_JNA")
print(support.run("java", f"-Djna.library.path={support.LIBRARY.parent}", "-cp", jar,
                  support.SOURCE / "tests/c/HelpDeskTest.java"))

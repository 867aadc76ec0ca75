"""A host in Java, by JNA (Debian: libjna-java). GUICHET_JNA names its jar where it is elsewhere."""

import os
import pathlib

import support

support.need("java", "javac")
jar = pathlib.Path(os.environ.get("GUICHET_JNA", "/usr/share/java/jna.jar"))
if not jar.exists():
    support.skip(f"there is no {jar}; install libjna-java, or name the jar in GUICHET_JNA")
# Debian keeps the part that is no Java beside the jar's own tree: /usr/share/java and /usr/lib/<machine>/jni.
native = sorted((jar.parents[2] / "lib").glob("*/jni/libjnidispatch.system.so"))
boot = [f"-Djna.boot.library.path={native[0].parent}"] if native else []
print(support.run("java", *boot, f"-Djna.library.path={support.LIBRARY.parent}", "-cp", jar,
                  support.SOURCE / "tests/c/HelpDeskTest.java"))

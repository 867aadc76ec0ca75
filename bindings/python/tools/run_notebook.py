#!/usr/bin/env python3
"""Runs the code of a notebook: run_notebook.py FILE says where the outputs differ from those that it holds, and
run_notebook.py --write FILE puts them in. Cells are run as plain Python, without a kernel: what a cell prints and the
value of its last expression, as text and as HTML, are its outputs; of pictures, only that they could be drawn."""

import ast
import contextlib
import io
import json
import pathlib
import sys


def run_cell(source, name, known):
    """The outputs of one cell, in the format of notebooks."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    if source.rstrip().endswith(";"):  # asks for silence, as in a notebook
        tree.body += [last] if last else []
        last = None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(tree, name, "exec"), known)
        value = eval(compile(ast.Expression(last.value), name, "eval"), known) if last else None
    outputs = []
    if said.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": said.getvalue().splitlines(True)})
    if value is not None:
        data = {"text/plain": repr(value).splitlines(True)}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = value._repr_html_().splitlines(True)
        outputs.append({"data": data, "execution_count": None, "metadata": {}, "output_type": "execute_result"})
    return outputs


def run(path):
    """The cells of code of a notebook, each with the outputs that it has now."""
    notebook = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    known = {"__name__": "__main__"}
    ran = []
    for at, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            ran.append((cell, run_cell("".join(cell["source"]), f"{path}, cell {at + 1}", known)))
    return notebook, ran


def main():
    path = sys.argv[-1]
    notebook, ran = run(path)
    if "--write" in sys.argv:
        for cell, outputs in ran:
            cell["outputs"] = outputs
        pathlib.Path(path).write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return 0
    differ = ["".join(cell["source"]) for cell, outputs in ran if cell["outputs"] != outputs]
    print("\n---\n".join(differ))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())

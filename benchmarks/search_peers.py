#!/usr/bin/env python3
"""The search beside others: the same documents and questions, in one run, on collections with judgements.

    benchmarks/search_peers.py [FOLDER...]

Without a folder, all of ../shared/data/search. A peer is used as its documentation says and as a person types: any of
the words, stems of the folder's language where it has them, the title worth more than the body, slips forgiven where it
can. Where there is more than one such way, all are tried and the best one counts, for each collection and each kind of
question by itself; Guichet has one way. What cannot be installed or run is said on standard error and left out.

Latency is that of the plain questions, the lesser of two passes each, as the peer's own library measures it here: of
Python calls for FTS5 and Xapian, with the way to the server for PostgreSQL. Goals ask for quality alone.
"""
import contextlib
import importlib.util
import json
import math
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = "/usr/bin/python3"  # for it Debian packages the bindings of Xapian and PostgreSQL
SHARED = pathlib.Path(os.environ.get("GUICHET_SHARED_DIR", ROOT.parent / "shared"))
GUICHET = os.environ.get("GUICHET_BIN", ROOT / "build" / "release" / "bin" / "guichet")
NODE = ROOT / "build" / "peer-node"
NODE_PACKAGES = ("minisearch@7.2.0", "lunr@2.3.9", "lunr-languages@1.22.0")
NAMES = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian", "nl": "dutch",
         "pt": "portuguese"}
TITLE_WEIGHT = 2
KINDS = ("plain", "typo", "long")


def say(text):
    print(text, file=sys.stderr, flush=True)


class Collection:
    """A folder: documents, judgements, and the questions of each kind that were judged."""

    def __init__(self, folder):
        self.folder, self.name = folder, folder.name
        self.language = (folder / "lang").read_text().split()[0]
        self.documents = [(d["_id"], d.get("title", ""), d.get("text", "")) for d in self.lines("corpus.jsonl")]
        self.wanted = {}
        for query, document, grade in list(self.rows("qrels.tsv"))[1:]:
            if float(grade) > 0:
                self.wanted.setdefault(query, {})[document] = float(grade)
        every = {"plain": {q["_id"]: q["text"] for q in self.lines("queries.jsonl")}}
        every |= {kind: dict(self.rows(f"queries_{kind}.tsv")) for kind in KINDS[1:]
                  if (folder / f"queries_{kind}.tsv").exists()}
        self.asked = {kind: {q: text for q, text in all.items() if q in self.wanted} for kind, all in every.items()}

    def lines(self, name):
        with open(self.folder / name, encoding="utf-8") as file:
            yield from map(json.loads, file)

    def rows(self, name):
        with open(self.folder / name, encoding="utf-8") as file:
            for line in file:
                yield line.rstrip("\n").split("\t")

    def ndcg(self, kind, answers):
        """nDCG@10 (Järvelin and Kekäläinen 2002) on average, with the grades as gains."""
        total = 0
        for query in self.asked[kind]:
            grades = self.wanted[query]
            best = sorted(grades.values(), reverse=True)
            gains = [grades.get(document, 0) for document in answers.get(query, ())]
            total += discounted(gains) / discounted(best)
        return total / len(self.asked[kind])


def discounted(gains):
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains[:10]))


def words_of(text):
    """As typed, for a word said again counts; of a text only its different words: FTS5 takes no query so large."""
    words = re.findall(r"\w+", text.lower())
    return words if len(words) <= 100 else list(dict.fromkeys(words))


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def figures(collection, search, size, kinds=KINDS):
    """What one way of a peer is worth: `search` gives the identifiers of the ten best."""
    out = {"bytes": size}
    for kind in kinds:
        answers, took = {}, []
        for query, text in collection.asked.get(kind, {}).items():
            least = math.inf
            for _ in range(2 if kind == "plain" else 1):
                start = time.perf_counter()
                answers[query] = search(text)
                least = min(least, time.perf_counter() - start)
            took.append(least * 1e3)
        add(out, collection, kind, answers, took)
    return out


def add(out, collection, kind, answers, took):
    if not answers:
        return
    out[kind] = collection.ndcg(kind, answers)
    if kind == "plain":
        out |= {"p50": percentile(took, 0.5), "p99": percentile(took, 0.99)}


# --- The peers: each yields the figures of one way after the other.

def fts5(collection, folder):
    """SQLite's own; its only stemmer is Porter's, so other languages go with and without it."""
    for tokenizer in ("porter unicode61", "unicode61")[:1 if collection.language == "en" else 2]:
        path = folder / f"{tokenizer[:3]}.db"
        db = sqlite3.connect(path)
        db.execute(f"CREATE VIRTUAL TABLE docs USING fts5(title, text, content='',"
                   f" tokenize='{tokenizer} remove_diacritics 2')")
        db.executemany("INSERT INTO docs(rowid, title, text) VALUES (?, ?, ?)",
                       ((i, title, text) for i, (_, title, text) in enumerate(collection.documents)))
        db.execute("INSERT INTO docs(docs) VALUES ('optimize')")
        db.commit()
        db.execute("VACUUM")

        def search(text):
            typed = " OR ".join(f'"{word}"' for word in words_of(text))
            found = db.execute(f"SELECT rowid FROM docs WHERE docs MATCH ? ORDER BY bm25(docs, {TITLE_WEIGHT}, 1)"
                               " LIMIT 10", (typed,)) if typed else ()
            return [collection.documents[i][0] for (i,) in found]

        yield figures(collection, search, path.stat().st_size)
        db.close()


def xapian(collection, folder):
    """BM25 with Snowball's stems, without and with its corrections of spelling."""
    library = importlib.import_module("xapian")
    stem = library.Stem(collection.language if collection.language in NAMES else "none")
    writable = library.WritableDatabase(str(folder / "grown"), library.DB_CREATE_OR_OVERWRITE)
    generator = library.TermGenerator()
    generator.set_stemmer(stem)
    generator.set_database(writable)
    generator.set_flags(generator.FLAG_SPELLING)
    for identifier, title, text in collection.documents:
        document = library.Document()
        document.set_data(identifier)
        generator.set_document(document)
        generator.index_text(title, TITLE_WEIGHT)
        generator.increase_termpos()
        generator.index_text(text)
        writable.add_document(document)
    writable.commit()
    writable.compact(str(folder / "small"))
    database = library.Database(str(folder / "small"))
    parser = library.QueryParser()
    parser.set_stemmer(stem)
    parser.set_stemming_strategy(parser.STEM_SOME)
    parser.set_default_op(library.Query.OP_OR)
    parser.set_database(database)
    enquire = library.Enquire(database)
    size = sum(file.stat().st_size for file in (folder / "small").iterdir())
    for corrects in (False, True):

        def search(text):
            typed = " ".join(words_of(text))
            query = parser.parse_query(typed, parser.FLAG_SPELLING_CORRECTION if corrects else 0)
            corrected = parser.get_corrected_query_string() if corrects else b""
            enquire.set_query(parser.parse_query(corrected, 0) if corrected else query)
            return [match.document.get_data().decode() for match in enquire.get_mset(0, 10)]

        yield figures(collection, search, size)


@contextlib.contextmanager
def cluster(folder):
    """A PostgreSQL of our own, without network, that writes into `folder`; it refuses to run as root."""
    tools = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    if not tools:
        raise OSError("there is no PostgreSQL server")
    humbly = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    home = folder / "cluster"
    home.mkdir()
    if humbly:
        shutil.chown(home, "nobody", "nogroup")
        folder.chmod(0o711)
    quietly = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "check": True, "cwd": home}
    control = [*humbly, tools[-1] / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log"]
    subprocess.run([*humbly, tools[-1] / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8"], **quietly)
    settings = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off"
    subprocess.run([*control, "-o", settings, "start"], **{**quietly, "stderr": subprocess.DEVNULL})
    try:
        yield importlib.import_module("psycopg2").connect(host=str(home), user="postgres")
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quietly)


def postgresql(collection, folder):
    """ts_rank, the title as A and the text as D, in its ways to divide by the length; long questions take minutes."""
    with cluster(folder) as connection, connection.cursor() as db:
        words = f"'{NAMES.get(collection.language, 'simple')}'::regconfig"
        db.execute("CREATE TABLE docs (id text, words tsvector)")
        db.executemany(f"INSERT INTO docs VALUES (%s, setweight(to_tsvector({words}, %s), 'A') ||"
                       f" setweight(to_tsvector({words}, %s), 'D'))",
                       [tuple(part.replace("\0", " ") for part in one) for one in collection.documents])
        db.execute("CREATE INDEX ON docs USING gin (words)")
        connection.commit()
        db.execute("ANALYZE docs")
        db.execute("SELECT pg_total_relation_size('docs')")
        size = db.fetchone()[0]
        for rank in ("ts_rank('{0.5, 0.5, 0.5, 1}', words, q)", "ts_rank('{0.5, 0.5, 0.5, 1}', words, q, 1)",
                     "ts_rank('{0.5, 0.5, 0.5, 1}', words, q, 2)"):

            def search(text):
                db.execute("SELECT id FROM docs,"
                           f" (SELECT replace(plainto_tsquery({words}, %s)::text, '&', '|')::tsquery AS q) AS asked"
                           f" WHERE words @@ q ORDER BY {rank} DESC, id LIMIT 10", (" ".join(words_of(text)),))
                return [identifier for (identifier,) in db.fetchall()]

            yield figures(collection, search, size, KINDS[:2])
        connection.close()


def node(library, ways):
    """A library of JavaScript, in the ways that search_peers.mjs knows."""

    def peer(collection, folder):
        for way in ways:
            given = json.dumps({"language": collection.language, "documents": collection.documents,
                                "asked": {kind: collection.asked.get(kind, {}) for kind in KINDS[:2]}})
            done = subprocess.run(["node", HERE / "search_peers.mjs", NODE, library, way], input=given, text=True,
                                  stdout=subprocess.PIPE, check=True, timeout=1_800)
            answer = json.loads(done.stdout)
            out = {"bytes": answer["bytes"]}
            for kind, answers in answer["found"].items():
                add(out, collection, kind, answers, answer["ms"][kind])
            yield out

    return peer


def guichet(collection, _folder):
    """The program as a user runs it."""
    done = subprocess.run([GUICHET, "search-eval", collection.folder], stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout)
    yield {"bytes": told["index"]["bytes"], "p50": told["plain"]["p50_ms"], "p99": told["plain"]["p99_ms"],
           **{kind: told[kind]["ndcg@10"] for kind in KINDS if kind in told}}


PEERS = {"FTS5": fts5, "Xapian": xapian, "PostgreSQL": postgresql, "MiniSearch": node("minisearch", ("typed", "stems")),
         "Lunr": node("lunr", ("exact", "fuzzy"))}


def install_node():
    if not shutil.which("npm"):
        return say("no npm: MiniSearch and Lunr cannot be installed")
    NODE.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", NODE, *NODE_PACKAGES],
                       check=True, timeout=300, stdout=sys.stderr)
    except (OSError, subprocess.SubprocessError) as problem:
        say(f"MiniSearch and Lunr cannot be installed: {problem}")


def best_of(name, peer, collection):
    """The best of a peer's ways, for each kind of question; latency and size are of the best with plain ones."""
    out = {}
    with tempfile.TemporaryDirectory(prefix="guichet-peer-") as folder:
        try:
            for one in peer(collection, pathlib.Path(folder)):
                kept = {kind: max(one.get(kind, 0), out.get(kind, 0)) for kind in KINDS if kind in one or kind in out}
                out = {**(one if one.get("plain", 0) > out.get("plain", 0) else out), **kept}
        except (ImportError, OSError, subprocess.SubprocessError) as problem:
            detail = getattr(problem, "stderr", None) or b""
            say(f"{name} does not run: {problem} {detail if isinstance(detail, str) else detail.decode()}")
    if out:
        say(f"{collection.name:10} {name:11}" + "".join(f" {kind} {out[kind]:.3f}" for kind in KINDS if kind in out)
            + f"  {out['p50']:.2f} / {out['p99']:.2f} ms  {out['bytes'] / 1e6:.2f} MB")
    return out


def row(what, value, unit, peer="", ratio=0, goal="", met=None):
    print(json.dumps({"name": f"search.peers.{what}", "value": value, "unit": unit, "peer": peer, "ratio": ratio,
                      "goal": goal, "met": met}, ensure_ascii=False), flush=True)


def compare(collection):
    """Prints the rows of one collection; gives ours, and by kind what we lead the best peer by."""
    peers = {name: best_of(name, peer, collection) for name, peer in PEERS.items()}
    ours = best_of("Guichet", guichet, collection)
    lead = {}
    for kind in KINDS:
        theirs = {name: one[kind] for name, one in peers.items() if kind in one}
        if kind not in ours or not theirs:
            continue
        best = max(theirs.values())
        lead[kind] = ours[kind] - best
        told = ", ".join(f"{name} {value:.3f}" for name, value in theirs.items())
        goal = ("the best", lead[kind] >= 0) if kind == "plain" else ("", None)
        row(f"{collection.name}.{kind}", round(ours[kind], 4), "nDCG@10", told, ours[kind] / best, *goal)
    for what, unit, scale in (("p50", "ms", 1), ("p99", "ms", 1), ("bytes", "MB", 1e-6)):
        told = ", ".join(f"{name} {one[what] * scale:.2f}" for name, one in peers.items() if one)
        row(f"{collection.name}.{what}", ours[what] * scale, unit, told)
    return ours, lead


def main():
    elsewhere = os.path.exists(PYTHON) and not os.path.samefile(PYTHON, sys.executable)
    if elsewhere and not importlib.util.find_spec("xapian"):
        os.execv(PYTHON, [PYTHON, *sys.argv])
    folders = [pathlib.Path(one) for one in sys.argv[1:]] or sorted((SHARED / "data" / "search").glob("*/"))
    folders = [one for one in folders if (one / "qrels.tsv").exists()]
    if not folders:
        return row("plain", None, "not run: no collections", goal=">= the best, +0.02 on average")
    install_node()
    runs = [compare(Collection(folder)) for folder in folders]
    mean = lambda kind: sum(lead[kind] for _, lead in runs if kind in lead) / max(1, sum(kind in l for _, l in runs))
    least = min((lead.get("plain", 0) for _, lead in runs), default=0)
    loss = max((1 - ours["typo"] / ours["plain"] for ours, _ in runs if "typo" in ours), default=0)
    row("least_lead", round(least, 4), "nDCG@10", "the best peer of each set", goal=">= 0 on every set", met=least >= 0)
    for kind, goal in (("plain", 0.02), ("typo", 0.04)):
        row(f"mean_lead.{kind}", round(mean(kind), 4), "nDCG@10", "the best peer of each set", goal=f">= {goal}",
            met=mean(kind) >= goal)
    row("slips", round(100 * loss, 2), "% lost, at most", goal="<= 6 %", met=loss <= 0.06)


if __name__ == "__main__":
    sys.exit(main())

"""A small archive of a product: documents in cabinets, with versions, and who may open which cabinet.

It has one SQLite file and knows nothing of help desks. Contents lie under their BLAKE2b-256 digest, once however often
they are filed; Guichet's blobs have the same addresses, so that a scan on a ticket is the scan of the document.
"""

import hashlib
import sqlite3
import threading
from typing import NamedTuple, Optional

SCHEMA = """
    create table if not exists content (digest text primary key, bytes blob not null) strict;
    create table if not exists document (
        id text primary key, cabinet text not null, title text not null, changed integer not null) strict;
    create table if not exists version (
        document text not null references document, number integer not null, digest text not null,
        words text,            -- what OCR read; null where it read nothing
        primary key (document, number)) strict;
    create table if not exists remark (
        document text not null references document, seq integer primary key, sentence text not null) strict;
    create table if not exists person (name text primary key, role text not null) strict;
    create table if not exists opens (
        person text not null, cabinet text not null, primary key (person, cabinet)) strict;
    create table if not exists claim (digest text primary key) strict; -- contents that others need, too
"""


class Version(NamedTuple):
    document: str
    number: int
    digest: str
    words: Optional[str]


def digest_of(content):
    return hashlib.blake2b(content, digest_size=32).hexdigest()


class Archive:
    """Any thread."""

    def __init__(self, path=":memory:"):
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.executescript(SCHEMA)
        #: Called with a person whose rights changed.
        self.rights_changed = []

    def close(self):
        self._db.close()

    # --- documents

    def file(self, document, cabinet, title, content, words=None):
        """A new document, or the next version of one."""
        with self._lock, self._db:
            self._db.execute("insert or ignore into document values (?, ?, ?, 0)", (document, cabinet, title))
            number = self._one("select coalesce(max(number), 0) from version where document = ?", document) + 1
            digest = digest_of(content)
            self._db.execute("insert or ignore into content values (?, ?)", (digest, content))
            self._db.execute("insert into version values (?, ?, ?, ?)", (document, number, digest, words))
            self._touch("id = ?", document)
            return Version(document, number, digest, words)

    def latest(self, document):
        row = self._rows("select document, number, digest, words from version where document = ? order by number desc "
                         "limit 1", document)
        if not row:
            raise LookupError(f"there is no document {document}")
        return Version(*row[0])

    def versions(self, document):
        """How many versions there are of a document."""
        return self._one("select count(*) from version where document = ?", document)

    def set_words(self, version, words):
        """What OCR read in a version."""
        with self._lock, self._db:
            self._db.execute("update version set words = ? where document = ? and number = ?",
                             (words, version.document, version.number))
            self._touch("id = ?", version.document)

    def forget(self, document, number):
        """Destroys a version; its content goes unless something else needs it."""
        with self._lock, self._db:
            digest = self._one("select digest from version where document = ? and number = ?", document, number)
            self._db.execute("delete from version where document = ? and number = ?", (document, number))
            self._sweep(digest)
            self._touch("id = ?", document)

    def cabinet_of(self, document):
        return self._one("select cabinet from document where id = ?", document)

    def title_of(self, document):
        return self._one("select title from document where id = ?", document)

    def remark(self, document, sentence):
        """Adds a line to the sheet of a document."""
        with self._lock, self._db:
            self._db.execute("insert into remark (document, sentence) values (?, ?)", (document, sentence))

    def sheet(self, document):
        return [row[0] for row in self._rows("select sentence from remark where document = ? order by seq", document)]

    # --- contents

    def content(self, digest):
        return self._one("select bytes from content where digest = ?", digest)

    def content_size(self, digest):
        return self._one("select length(bytes) from content where digest = ?", digest)

    def claim(self, digest, content):
        """Keeps a content for somebody else."""
        with self._lock, self._db:
            self._db.execute("insert or ignore into content values (?, ?)", (digest, content))
            self._db.execute("insert or ignore into claim values (?)", (digest,))

    def release(self, digest):
        """He needs it no more."""
        with self._lock, self._db:
            self._db.execute("delete from claim where digest = ?", (digest,))
            self._sweep(digest)

    def contents(self):
        """How many contents there are."""
        return self._one("select count(*) from content")

    def _sweep(self, digest):
        self._db.execute("delete from content where digest = ?1"
                         " and not exists (select 1 from version where digest = ?1)"
                         " and not exists (select 1 from claim where digest = ?1)", (digest,))

    # --- people

    def employ(self, name, role, *cabinets):
        with self._lock, self._db:
            self._db.execute("insert into person values (?, ?)", (name, role))
            self._db.executemany("insert into opens values (?, ?)", [(name, cabinet) for cabinet in cabinets])

    def allow(self, name, cabinet):
        with self._lock, self._db:
            self._db.execute("insert or ignore into opens values (?, ?)", (name, cabinet))
            self._touch("cabinet = ?", cabinet)
        self._tell(name)

    def revoke(self, name, cabinet):
        with self._lock, self._db:
            self._db.execute("delete from opens where person = ? and cabinet = ?", (name, cabinet))
            self._touch("cabinet = ?", cabinet)
        self._tell(name)

    def role_of(self, name):
        return self._one("select role from person where name = ?", name)

    def cabinets_of(self, name):
        return [row[0] for row in self._rows("select cabinet from opens where person = ? order by cabinet", name)]

    def readers_of(self, cabinet):
        return [row[0] for row in self._rows("select person from opens where cabinet = ? order by person", cabinet)]

    def may_read(self, name, document):
        return self.cabinet_of(document) in self.cabinets_of(name)

    def _tell(self, name):
        for listen in self.rights_changed:
            listen(name)

    # --- what changed

    def changed_since(self, cabinet, mark):
        """The documents of a cabinet that changed, or whose readers did, after a mark, and the mark of now."""
        with self._lock:
            rows = self._rows("select id from document where cabinet = ? and changed > ? order by id", cabinet, mark)
            return [row[0] for row in rows], self._one("select coalesce(max(changed), 0) from document")

    def _touch(self, which, value):
        self._db.execute("update document set changed = (select max(changed) + 1 from document) where " + which,
                         (value,))

    def _rows(self, statement, *values):
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    def _one(self, statement, *values):
        rows = self._rows(statement, *values)
        return rows[0][0] if rows else None

"""Nothing is forgotten: the lists of the engine, and of its headers."""

import re

import pytest

import guichet

# What has another name in Python, or is not for it.
RENAMED = {"relate": "condition", "route_by": "router", "config": "documents", "env": None, "store": None, "open": None,
           "execute": "execute"}


# The same of what rests on the desk.
BESIDE = {"find": "search", "report_knowledge": "knowledge_report"}
NOT_THERE = {"encode", "finder", "statistics", "memory_bytes", "clusters_among", "duplicate_watch"}


def variant(source, path, name):
    text = (source / "include/guichet/model" / path).read_text()
    inner = re.search(r"using " + name + r" =\s*std::variant<([^>]*)>", text).group(1)
    return tuple(re.findall(r"\w+", inner))


def test_every_command_is_a_method_a_value_and_in_a_batch(source):
    commands = variant(source, "command.hpp", "command_body")
    assert guichet.COMMANDS == commands
    for name in commands:
        assert callable(getattr(guichet.Desk, name))
        assert hasattr(guichet, name.title().replace("_", ""))


def test_every_event_is_a_value(source):
    events = variant(source, "event.hpp", "event_body")
    assert guichet.EVENTS == events
    for name in events:
        assert hasattr(guichet, name.title().replace("_", ""))


def test_every_function_of_the_desk_is_a_method(source):
    text = (source / "include/guichet/engine/desk.hpp").read_text()
    public = text[text.index("class desk {"):text.index("private:")]
    names = set(re.findall(r"GUICHET_DECL [^;]*?[ >&*](\w+)\(", public)) - {"desk"}
    assert len(names) > 40
    missing = [name for name in sorted(names)
               if RENAMED.get(name, name) and not hasattr(guichet.Desk, RENAMED.get(name, name))]
    assert not missing


@pytest.mark.parametrize("header", ["finder.hpp", "statistics.hpp", "alike.hpp", "knowledge.hpp"])
def test_what_rests_on_the_desk_is_a_method(source, header):
    text = (source / "include/guichet/engine" / header).read_text()
    named = set(re.findall(r"^ *GUICHET_DECL [^;]*?[ >&*](\w+)\(", text, re.M))
    missing = [name for name in sorted(named - NOT_THERE) if not hasattr(guichet.Desk, BESIDE.get(name, name))]
    assert named and not missing


def test_members_are_those_of_the_struct(source):
    text = (source / "include/guichet/model/command.hpp").read_text()
    for struct, members in re.findall(r"BOOST_DESCRIBE_STRUCT\((\w+), \(\),\s*\(([^)]*)\)\)", text):
        made = getattr(guichet, struct.title().replace("_", ""), None)
        if made is not None:
            names = tuple(name.strip("_") for name in re.findall(r"\w+", members))
            assert tuple(name.strip("_") for name in made.__match_args__) == names

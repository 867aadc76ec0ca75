"""What pytest knows where guichet is installed: tests of stores, and scenarios as tests. See guichet.testing."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--scenarios", action="store_true", help="collect *.json as scenarios of guichet")


def pytest_generate_tests(metafunc):
    if "store_case" in metafunc.fixturenames:
        from guichet.testing import STORE_CASES

        metafunc.parametrize("store_case", STORE_CASES, ids=[case.name for case in STORE_CASES])


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".json" and parent.config.getoption("--scenarios"):
        return _ScenarioFile.from_parent(parent, path=file_path)


class _ScenarioFile(pytest.File):
    def collect(self):
        yield _Scenario.from_parent(self, name=self.path.stem)


class _Scenario(pytest.Item):
    def runtest(self):
        from guichet.testing import check_scenario

        check_scenario(self.path)

    def repr_failure(self, excinfo, style=None):
        if excinfo.errisinstance(AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, 0, self.name

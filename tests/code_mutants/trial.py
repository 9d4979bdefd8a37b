"""One change of the compiler, against tests: `python -m code_mutants.trial MODULE FILE NUMBER`, tests from stdin.

The changed module is compiled in memory; no file is touched. The status is that of pytest: 1 where a test fails.
"""

import importlib.abc
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import Phase, settings

from code_mutants.changing import mutated


class ChangedLoader(SourceFileLoader):
    """Loads the module with the change."""

    def __init__(self, module: str, path: str, number: int) -> None:
        super().__init__(module, path)
        self.number = number

    def get_code(self, fullname: str) -> CodeType:
        return compile(mutated(Path(self.path), self.number), self.path, "exec")


class ChangedFinder(importlib.abc.MetaPathFinder):
    def __init__(self, loader: ChangedLoader) -> None:
        self.loader = loader

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self.loader.name:
            return None
        return spec_from_file_location(fullname, self.loader.path, loader=self.loader)


class Unshrunk:
    """A failing example is enough; the smallest one is of no interest."""

    def pytest_sessionstart(self) -> None:
        settings.register_profile("trial", settings(), phases=[Phase.explicit, Phase.generate])
        settings.load_profile("trial")


if __name__ == "__main__":
    module, file, number = sys.argv[1:]
    sys.meta_path.insert(0, ChangedFinder(ChangedLoader(module, file, int(number))))
    options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-W", "ignore"]
    sys.exit(pytest.main([*options, *sys.stdin.read().splitlines()], plugins=[Unshrunk()]))

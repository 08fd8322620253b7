#!/usr/bin/env python3
"""Shows that each check can fail: every bad line is found, every good one is not."""

import unittest

import boundary
import count_skipped
import imports
import linked_libraries
import skips
import words
from sources import Source, blanked


def source(text, path="Sources/AuraRuntime/File.swift"):
    return Source(path, text)


def messages(problems):
    return [str(problem) for problem in problems]


class SourcesTests(unittest.TestCase):
    def test_comments_and_literals_are_not_code(self):
        text = 'let a = "Date()" // Date()\n/* Date() */ let b = """\n  Date()\n  """\nlet c = Date()\n'
        lines = blanked(text).splitlines()
        self.assertEqual([number for number, line in enumerate(lines) if "Date()" in line], [4])
        self.assertEqual(len(lines), len(text.splitlines()))

    def test_an_escaped_quote_does_not_end_a_literal(self):
        self.assertNotIn("UUID", blanked(r'let a = "\" UUID()"'))


class BoundaryTests(unittest.TestCase):
    BAD = [
        "let now = Date()",
        "let now = Date.now",
        "let clock = ContinuousClock()",
        "let clock = SuspendingClock()",
        "try await Task.sleep(for: .seconds(1))",
        "var generator = SystemRandomNumberGenerator()",
        "let roll = Int.random(in: 1...6)",
        "let order = cards.shuffled()",
        "let card = cards.randomElement()",
        "let id = UUID()",
        "let files = FileManager.default",
        "let descriptor = open(path, O_RDONLY)",
        "let descriptor = unsafe socket(AF_INET, 0, 0)",
        "Thread.detachNewThread {}",
        "unsafe pthread_create(&thread, nil, start, nil)",
        "DispatchQueue.main.async {}",
        "clock_gettime(CLOCK_REALTIME, &now)",
    ]
    GOOD = [
        "let update = Update()",
        "let roll = Int.random(in: 1...6, using: &generator)",
        "let order = cards.shuffled(using: &generator)",
        "func open(_ path: String) {}",
        "let journal = try await Journal.open(path)",
        "try await effects.time.sleep(for: .seconds(1))",
        "let executor = ThreadExecutor(label: name)",
        "reopen(path)",
    ]

    def test_every_way_around_the_effects_is_found(self):
        for line in self.BAD:
            self.assertEqual(len(messages(boundary.check([source(line)], {}))), 1, line)

    def test_code_on_effects_is_clean(self):
        for line in self.GOOD:
            self.assertEqual(messages(boundary.check([source(line)], {})), [], line)

    def test_a_handler_may_read_clocks_but_neither_wait_nor_make_threads(self):
        path = "Handlers/System/Sources/File.swift"
        self.assertEqual(messages(boundary.check([source("let clock = ContinuousClock()", path)], {})), [])
        for line in ("try await Task.sleep(for: .seconds(1))", "sqlite3_busy_timeout(handle, 100)", "Thread()"):
            self.assertEqual(len(messages(boundary.check([source(line, path)], {}))), 1, line)

    def test_a_listed_file_is_let_through_and_only_that_one(self):
        files = [source("Date()", "Sources/A/One.swift"), source("Date()", "Sources/A/Two.swift")]
        found = messages(boundary.check(files, {"Sources/A/One.swift": "why"}))
        self.assertEqual(len(found), 1)
        self.assertIn("Two.swift", found[0])

    def test_an_exception_that_is_not_needed_or_not_explained_is_found(self):
        self.assertEqual(len(messages(boundary.check([], {"Sources/A/Gone.swift": "why"}))), 1)
        self.assertEqual(len(messages(boundary.check([source("Date()")], {"Sources/AuraRuntime/File.swift": ""}))), 1)


class ImportsTests(unittest.TestCase):
    def found(self, text, path):
        handler = source("", "Handlers/SQLite/Sources/Handler.swift")
        return messages(imports.check([source(text, path), handler]))

    def test_an_import_without_an_access_level_is_found(self):
        for line in ("import Logging", "@testable import AuraRuntime", "import struct Logging.Logger"):
            found = self.found(line, "Tests/AuraRuntimeTests/File.swift")
            self.assertEqual(len(found), 1, line)
            self.assertIn("access level", found[0])

    def test_an_import_that_points_up_or_sideways_is_found(self):
        for path, module in [
            ("Sources/AuraEffects/File.swift", "AuraRuntime"),
            ("Sources/AuraRuntime/File.swift", "AuraSQLite"),
            ("Handlers/Memory/Sources/File.swift", "AuraSQLite"),
            ("Handlers/Memory/Sources/File.swift", "AuraConformance"),
            ("Sources/AuraConformance/File.swift", "Fieldnotes"),
        ]:
            found = self.found(f"internal import {module}", path)
            self.assertTrue(any("above it or beside it" in problem for problem in found), (path, module, found))

    def test_an_import_that_points_down_is_clean(self):
        for path, module in [
            ("Sources/AuraRuntime/File.swift", "AuraEffects"),
            ("Handlers/SQLite/Sources/File.swift", "AuraRuntime"),
            ("Handlers/Layered/Sources/File.swift", "AuraSQLite"),
            ("Sources/Fieldnotes/File.swift", "AuraSQLite"),
            ("Handlers/SQLite/Tests/File.swift", "AuraConformance"),
        ]:
            self.assertEqual(self.found(f"public import {module}", path), [], (path, module))

    def test_the_effects_import_the_standard_library_only(self):
        path = "Sources/AuraEffects/File.swift"
        self.assertEqual(self.found("internal import Synchronization", path), [])
        self.assertEqual(len(self.found("internal import Glibc", path)), 1)

    def test_foundation_is_found(self):
        for module in ("Foundation", "FoundationEssentials", "FoundationNetworking"):
            for path in ("Sources/AuraRuntime/File.swift", "Handlers/SQLite/Sources/File.swift"):
                self.assertEqual(len(self.found(f"private import {module}", path)), 1, (module, path))

    def test_a_module_without_a_floor_is_found(self):
        self.assertEqual(len(self.found("internal import AuraEffects", "Sources/AuraNovelty/File.swift")), 1)


class SkipsTests(unittest.TestCase):
    def test_every_way_to_leave_a_test_out_is_found(self):
        for line in (
            '@Test(.disabled("later"))', "@Test(.enabled(if: isLinux))", "try Test.cancel()", "throw XCTSkip()",
            "withKnownIssue {",
        ):
            self.assertEqual(len(messages(skips.check([source(line)]))), 1, line)
        self.assertEqual(messages(skips.check([source('@Test("skips empty lines") func skips() {}')])), [])


class WordsTests(unittest.TestCase):
    def test_words_that_do_not_belong_here_are_found(self):
        for line in (
            "// TODO: later", "// FIXME", "see issue 12", "as in Issues #3", "fixes #45", "cd /home/someone/aura",
            "/opt/tools/bin", "a file in /root/data",
        ):
            self.assertEqual(len(messages(words.check([source(line)]))), 1, line)

    def test_ordinary_text_is_clean(self):
        for line in ("#if SQLite", "/usr/share/doc", "docs/home/page.md", "{ $0 } #expect(true)", "the issue is"):
            self.assertEqual(messages(words.check([source(line)])), [], line)


class LinkedLibrariesTests(unittest.TestCase):
    LISTING = (
        "\tlinux-vdso.so.1 (0x00007ffc)\n"
        "\tlibsqlite3.so.0 => /lib/x86_64-linux-gnu/libsqlite3.so.0 (0x00007f1)\n"
        "\t/lib64/ld-linux-x86-64.so.2 (0x00007f2)\n"
    )

    def test_names_come_without_path_and_version(self):
        loaded = linked_libraries.libraries(self.LISTING)
        self.assertEqual(loaded, {"linux-vdso", "libsqlite3", "ld-linux-x86-64"})

    def test_a_missing_and_an_unwanted_library_are_found(self):
        loaded = linked_libraries.libraries(self.LISTING)
        self.assertEqual(list(linked_libraries.problems(loaded, ["+libsqlite3", "-libpq"])), [])
        self.assertEqual(list(linked_libraries.problems(loaded, ["-libsqlite3"])), ["loads libsqlite3"])
        self.assertEqual(list(linked_libraries.problems(loaded, ["+libpq"])), ["does not load libpq"])
        self.assertEqual(len(list(linked_libraries.problems(loaded, ["libpq"]))), 1)


class CountSkippedTests(unittest.TestCase):
    PASSED = '✔ Test "a" passed after 0.001 seconds.\n✔ Test run with 5 tests in 2 suites passed after 0.002 seconds.\n'

    def test_tests_are_counted(self):
        self.assertEqual(count_skipped.tally(self.PASSED), (5, []))
        self.assertEqual(count_skipped.tally("Build complete!\n"), (0, []))

    def test_skipped_and_cancelled_tests_are_found(self):
        for line in (
            '➜ Test "b" skipped: "why"', "➜ Test b() skipped.", '➜ Suite "S" skipped.',
            '➜ Test "d" was cancelled after 0.001 seconds: "no server"',
        ):
            self.assertEqual(count_skipped.tally(f"{line}\n{self.PASSED}"), (5, [line]))

    def test_a_test_whose_name_speaks_of_skipping_is_not_skipped(self):
        log = '✔ Test "a broken entry is skipped" passed after 0.001 seconds.\n' + self.PASSED
        self.assertEqual(count_skipped.tally(log)[1], [])


if __name__ == "__main__":
    unittest.main()

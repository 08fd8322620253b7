#!/usr/bin/env python3
"""Shows that each check can fail: every bad line is found, every good one is not."""

import unittest

import boundary
import bundles
import count_skipped
import documents
import failures
import imports
import linked_libraries
from package import Package
import skips
import traits
import words
from sources import ROOT, Source, blanked


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
            ("Sources/FieldnotesCore/File.swift", "Fieldnotes"),
        ]:
            found = self.found(f"internal import {module}", path)
            self.assertTrue(any("above it or beside it" in problem for problem in found), (path, module, found))

    def test_an_import_that_points_down_is_clean(self):
        for path, module in [
            ("Sources/AuraRuntime/File.swift", "AuraEffects"),
            ("Handlers/SQLite/Sources/File.swift", "AuraRuntime"),
            ("Handlers/Layered/Sources/File.swift", "AuraSQLite"),
            ("Sources/Fieldnotes/File.swift", "AuraSQLite"),
            ("Sources/Fieldnotes/File.swift", "FieldnotesCore"),
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


class BundlesTests(unittest.TestCase):
    def test_a_bundle_that_the_reference_does_not_list_is_found(self):
        listed = source("let all = HandlerRegistry { ListedHandlers() }", bundles.LIST)
        path = "Handlers/New/Sources/Handlers.swift"
        for text, count in [
            ("public struct ListedHandlers: HandlerBundle {", 0),
            ("public struct OtherHandlers: Sendable, HandlerBundle {", 1),
            ("// public struct OtherHandlers: HandlerBundle {", 0),
        ]:
            self.assertEqual(len(messages(bundles.check([listed, source(text, path)]))), count, text)


class DocumentsTests(unittest.TestCase):
    FILES = {"README.md": "", "Sources/A.swift": "struct A {\n    let one = 1\n\n    let two = 2\n}\n"}

    def found(self, text, **others):
        pages = [source(text, "docs/README.md")] + [source(t, f"docs/{name}.md") for name, t in others.items()]
        files = self.FILES | {page.path: page.text for page in pages}
        return messages(documents.check(pages, files.__contains__, files.__getitem__))

    def test_a_link_that_leads_nowhere_is_found(self):
        for text in ("[a](gone.md)", "[a](../../outside.md)", "[a](#gone)", "see [`a`](gone.md) there", "[a]: gone.md"):
            self.assertEqual(len(self.found(text)), 1, text)
        self.assertEqual(len(self.found("[a](other.md#gone)", other="# There")), 1)

    def test_a_link_that_leads_somewhere_is_clean(self):
        for text in (
            "[a](../README.md)", "# One `two`, three\n[a](#one-two-three)", "# A\n# A\n[a](#a-1)", "[a](https://a.b/c)",
            "```\n[a](gone.md)\n```", "`[a](gone.md)`", "[a](../Sources/A.swift)",
        ):
            self.assertEqual(self.found(text), [], text)
        self.assertEqual(self.found("[a](other.md#there-it-is)", other="## There it is"), [])

    def test_a_page_that_the_index_does_not_lead_to_is_found(self):
        found = self.found("[a](one.md)", one="[b](two.md)", two="", three="")
        self.assertEqual(len(found), 1)
        self.assertIn("docs/three.md", found[0])

    def test_code_that_is_not_in_its_file_is_found(self):
        for block in ("let three = 3", "let two = 2\n…\nlet one = 1", "let one = 1\nlet three = 3", ""):
            self.assertEqual(len(self.found(f"<!-- from: Sources/A.swift -->\n```swift\n{block}\n```")), 1, block)
        self.assertEqual(len(self.found("<!-- from: Sources/Gone.swift -->\n```swift\nlet one = 1\n```")), 1)
        self.assertEqual(len(self.found("<!-- from: Sources/A.swift -->\nno code")), 1)

    def test_code_that_is_in_its_file_is_clean(self):
        for block in ("let one = 1\n\n  let two = 2", "struct A {\n    // …\n    let two = 2\n}"):
            self.assertEqual(self.found(f"<!-- from: Sources/A.swift -->\n\n```swift\n{block}\n```"), [], block)


class LinkedLibrariesTests(unittest.TestCase):
    LISTING = (
        " 0x0000000000000001 (NEEDED)             Shared library: [libsqlite3.so.0]\n"
        " 0x0000000000000001 (NEEDED)             Shared library: [ld-linux-x86-64.so.2]\n"
        " 0x000000000000001d (RUNPATH)            Library runpath: [$ORIGIN/libother.so]\n"
    )

    def test_names_come_without_path_and_version(self):
        self.assertEqual(linked_libraries.names(self.LISTING), {"libsqlite3", "ld-linux-x86-64"})

    def test_a_function_that_is_defined_is_found(self):
        listing = "00000000000a11c0 T swift_task_switch\n00000000000a1200 t swift_task_switch_other\n"
        self.assertTrue(linked_libraries.defined_in(listing, "swift_task_switch"))
        self.assertFalse(linked_libraries.defined_in(listing, "swift_task_switch_"))
        self.assertFalse(linked_libraries.defined_in(listing, "task_switch"))


class TraitsTests(unittest.TestCase):
    """A package of an application on two backends, of which one enables a third trait."""

    def setUp(self):
        def target(name, *dependencies, kind="executable"):
            return {
                "name": name, "type": kind, "path": name,
                "dependencies": [
                    {"target": [other, {"traits": [trait]} if trait else None]} for other, trait in dependencies
                ],
            }

        self.package = Package({
            "targets": [
                target("App", ("One", "One"), ("Two", "Two"), ("Core", None)),
                target("Other", ("Core", None)),
                target("One", ("COne", "One"), kind="regular"),
                target("Two", ("CTwo", "Two"), kind="regular"),
                target("Core", kind="regular"),
                target("COne", kind="system"),
                target("CTwo", kind="system"),
            ],
            "products": [
                {"name": "app", "type": {"executable": None}, "targets": ["App"]},
                {"name": "other", "type": {"executable": None}, "targets": ["Other"]},
                {"name": "One", "type": {"library": ["automatic"]}, "targets": ["One"]},
            ],
            "traits": [
                {"name": "One", "enabledTraits": []},
                {"name": "Two", "enabledTraits": ["Three"]},
                {"name": "Three", "enabledTraits": []},
                {"name": "default", "enabledTraits": ["One"]},
            ],
        })
        libraries = {"COne": {"libone"}, "CTwo": {"libtwo", "libtwo-ssl"}}
        self.package.system_libraries = lambda target: libraries.get(target, set())

    def test_every_combination_is_built_once(self):
        self.assertEqual(
            [traits_on for _, traits_on in traits.combinations(self.package)],
            [set(), {"One"}, {"Two", "Three"}, {"Three"}],
        )

    def test_a_trait_that_something_else_builds_is_not_built_alone(self):
        self.assertEqual(
            [traits_on for _, traits_on in traits.combinations(self.package, {"Three": "an example"})],
            [set(), {"One"}, {"Two", "Three"}],
        )
        for path in traits.BUILT_ELSEWHERE.values():
            self.assertTrue((ROOT / path / "Package.swift").exists())

    def test_only_what_a_trait_touches_is_built(self):
        executables = ["App", "Other"]
        self.assertEqual(traits.touched(self.package, set(), executables), ["App", "Other"])
        self.assertEqual(traits.touched(self.package, {"One"}, executables), ["App"])
        self.assertEqual(traits.touched(self.package, {"Three"}, executables), [])
        self.assertEqual(self.package.libraries, ["One"])

    def test_a_missing_and_an_unwanted_library_are_found(self):
        for enabled, loaded, expected in [
            (set(), {"libc"}, []),
            (set(), {"libone"}, ["loads libone"]),
            ({"One"}, {"libone"}, []),
            ({"One"}, {"libone", "libtwo-ssl"}, ["loads libtwo-ssl"]),
            ({"One", "Two"}, {"libone"}, ["does not load libtwo or libtwo-ssl"]),
            ({"One", "Two"}, {"libone", "libtwo"}, []),
        ]:
            self.assertEqual(list(traits.problems(self.package, "App", enabled, loaded)), expected)

    def test_only_a_simulation_replaces_functions_of_the_process(self):
        self.assertEqual(list(traits.interposing(self.package, "App", set(), False)), [])
        self.assertEqual(len(list(traits.interposing(self.package, "App", set(), True))), 1)


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


class FailuresTests(unittest.TestCase):
    PASSED = '✔ Test "it recorded an issue at A.swift:1:2: no" passed after 0.001 seconds.\n'

    def issue(self, name, text, *below):
        event = f'✘ Test "{name}" recorded an issue at A.swift:1:2: {text}\n'
        return event + "".join(f"{line}\n" for line in below) + self.PASSED

    def test_an_issue_comes_with_what_stands_below_it_and_without_other_events(self):
        log = self.PASSED + self.issue("a", "one", "↳ because", "  two lines")
        log += '✘ Test "a" failed after 0.002 seconds with 1 issue.\n'
        self.assertEqual(
            failures.summary(log), ['✘ Test "a" recorded an issue at A.swift:1:2: one ↳ because two lines']
        )

    def test_an_issue_of_one_argument_names_it(self):
        line = '✘ Test "a" recorded an issue with 1 argument seed → 3 at A.swift:1:2: Expectation failed: x'
        self.assertEqual(failures.summary(f"{line}\n{self.PASSED}"), [line])

    def test_every_test_comes_once_before_any_comes_twice(self):
        log = "".join(self.issue("a", number) for number in range(20)) + self.issue("b", "other")
        found = failures.summary(log)
        self.assertEqual(len(found), failures.LINES)
        self.assertIn(': 0', found[0])
        self.assertIn(': other', found[1])
        self.assertEqual(found[-1], "… and 8 more")

    def test_colours_are_left_out(self):
        line = 'Test "a" recorded an issue at A.swift:1:2: Expectation failed: x'
        coloured = f"\x1b[91m✘\x1b[0m {line}\n\x1b[92m✔\x1b[0m Test run\n"
        self.assertEqual(failures.summary(coloured), [f"✘ {line}"])

    def test_long_lines_are_cut(self):
        found = failures.summary(self.issue("a", "x" * 1000))
        self.assertEqual([len(line) for line in found], [failures.WIDTH])

    def test_a_crash_comes_first_with_where_it_was(self):
        log = self.issue("a", "one") + (
            "A/B.swift:7: Fatal error: Index out of range\n\n*** Signal 4: Backtracing from 0x1... done ***\n\n"
            "*** Program crashed: Illegal instruction at 0x1 ***\n\nThread 0:\n\n0 wait in libc\n\n"
            "Thread 1 crashed:\n\n0 one in A at /a.swift:7\n1 two in A at /a.swift:8\n"
            " 13 [aerror: Process 'A' exited with unexpected signal code 4\nsync] three\n"
        )
        found = failures.summary(log)
        self.assertEqual(found[0], "A/B.swift:7: Fatal error: Index out of range")
        self.assertIn("0 one in A at /a.swift:7", found)
        self.assertNotIn("0 wait in libc", found)
        self.assertTrue(any("unexpected signal code 4" in line for line in found))
        self.assertIn("one", found[-1])

    def test_the_end_of_the_log_stands_in_where_nothing_else_tells(self):
        self.assertEqual(failures.summary("1\n2\n3\n4\n\n5\n6\n"), ["2", "3", "4", "5", "6"])
        self.assertEqual(failures.summary(""), [])


if __name__ == "__main__":
    unittest.main()

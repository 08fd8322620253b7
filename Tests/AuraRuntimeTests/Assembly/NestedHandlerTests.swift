internal import AuraEffects
internal import Logging
internal import RuntimeFixture
internal import Testing

@testable internal import AuraRuntime

@Suite("Handlers over handlers")
struct NestedHandlerTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let nested = profile("handler: marked, over: { handler: file, path: n }")

    @Test("the handler underneath starts first and stops last, and both have their part of the budget")
    func order() async throws {
        let events = Events()
        let assembly = try Assembly(yaml: nested, events: events)
        try await assembly.withEffects(logger: logger) { effects, _ in
            try await effects.notes.add("note")
            #expect(effects.notes.count == 1)
        }
        #expect(
            events.all.filter { !$0.contains("time") && !$0.contains("random") } == [
                "start file n", "start marked with a cache of 25.6 MiB", "stop marked", "stop file",
            ]
        )
    }

    @Test("a handler that cannot be made is named by its key, and what it was to stand on is stopped")
    func failures() async throws {
        let broken = try Assembly(yaml: profile("handler: marked, over: { handler: broken }"))
        let error = await #expect(throws: EffectError.self) {
            try await broken.withEffects(logger: logger) { _, _ in Issue.record("It must not run.") }
        }
        #expect(error?.description == "notes.over (broken): unavailable: It never starts.")
        let events = Events()
        let outer = try Assembly(
            yaml: profile("handler: marked, mark: none, over: { handler: file, path: n }"),
            events: events
        )
        let outerError = await #expect(throws: EffectError.self) {
            try await outer.withEffects(logger: logger) { _, _ in Issue.record("It must not run.") }
        }
        #expect(outerError?.description == "notes (marked): invalidArgument: There is no mark.")
        #expect(events.all.contains("stop file"))
    }

    @Test("capabilities are derived from those underneath, at any depth")
    func capabilities() throws {
        let deep = profile("handler: marked, over: { handler: marked, over: { handler: file, path: n } }")
        #expect(try Assembly(yaml: deep).needs.isMet)
        #expect(throws: ProfileErrors.self) {
            try Assembly(yaml: deep.replacing("path: n", with: "path: n, synchronous: off"))
        }
    }

    @Test("the handler underneath may be of another effect")
    func otherEffect() async throws {
        let events = Events()
        let yaml = profile("handler: drawn, source: { handler: system }")
        let assembly = try Assembly(yaml: yaml, needs: [], events: events)
        try await assembly.withEffects(logger: logger) { effects, _ in #expect(effects.notes.count == 0) }
        #expect(events.all.contains("start drawn with 4"))
        #expect(assembly.handlers.last?.within.map(\.effect) == ["random"])
    }

    @Test("variables override settings underneath, and choose handlers")
    func variables() throws {
        let assembly = try Assembly(yaml: nested, variables: ["AURA_NOTES_OVER_PATH": "elsewhere"])
        let inner = try #require(assembly.handlers.last?.within.first)
        #expect(inner.values.string("path") == "elsewhere")
        #expect(inner.settings.first?.place == .variable("AURA_NOTES_OVER_PATH"))
        #expect(assembly.warnings.isEmpty)
        let replaced = try Assembly(yaml: nested, needs: [], variables: ["AURA_NOTES_OVER_HANDLER": "list"])
        #expect(replaced.handlers.last?.within.first?.technology == "list")
        let chosen = try Assembly(
            yaml: profile(),
            variables: [
                "AURA_NOTES_HANDLER": "marked", "AURA_NOTES_OVER_HANDLER": "file", "AURA_NOTES_OVER_PATH": "v",
            ]
        )
        #expect(chosen.handlers.last?.within.first?.values.string("path") == "v")
        #expect(chosen.warnings.isEmpty)
        let misspelt = try Assembly(yaml: nested, variables: ["AURA_NOTES_OVER_PAHT": "v"])
        #expect(misspelt.warnings.first?.description.contains("did you mean 'AURA_NOTES_OVER_PATH'?") == true)
    }

    @Test("an extending profile changes settings underneath; those of another handler start anew")
    func extending() throws {
        let folder = try TemporaryFolder()
        try folder.write([
            "base.yaml": profile(
                "handler: marked, mark: a, over: { handler: file, path: n, queue: 7, encryption: { key: k } }"
            )
            .replacing("profile: good", with: "profile: base"),
            "path.yaml": "profile: path\nextends: base\nnotes: { over: { path: other } }\n",
            "mark.yaml": "profile: mark\nextends: base\nnotes: { mark: b, over: { path: other } }\n",
            "list.yaml": "profile: list\nextends: base\nnotes: { over: { handler: list } }\n",
        ])
        func notes(_ name: String) throws -> ResolvedHandler {
            let profile = try Profile.find("\(folder.path)/\(name).yaml", variables: [:])
            let registry = HandlerRegistry { FixtureHandlers() }
            let assembly = try Assembly(profile, registry, variables: [:], machine: unlimitedMachine)
            return try #require(assembly.handlers.last)
        }
        for (name, mark) in [("path", "a"), ("mark", "b")] {
            let changed = try notes(name)
            #expect(changed.values.string("mark") == mark)
            #expect(changed.within.first?.values.string("path") == "other")
            #expect(changed.within.first?.values.integer("queue") == 7)
        }
        #expect(try notes("list").within.first?.technology == "list")
    }

    @Test("explain shows the handler underneath with its settings, what it can do and its part of the budget")
    func explanation() throws {
        let explanation = ProfileExplanation(try Assembly(yaml: nested))
        let lines = explanation.text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("notes.over: file (test.yaml:3:") })
        let section = lines[start...].prefix { !$0.isEmpty }
        #expect(section.contains { $0.hasPrefix("  path ") && $0.contains("  n ") })
        #expect(section.contains("  can: durable, transactions"))
        #expect(section.contains("  makes of the budget: cache 12.8 MiB"))
        #expect(lines.contains { $0.hasPrefix("notes: marked (test.yaml:3:") })
        #expect(explanation.json.description.contains(#""key": "notes.over""#))
    }
}

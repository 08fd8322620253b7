internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import RuntimeFixture
internal import Synchronization
internal import Testing

@Suite("Start and stop of handlers")
struct LifecycleTests {
    private let twoNotes = """
        profile: two
        environment: mobile
        notes:
          default: { handler: file, path: a }
          other: { handler: list }
        random: { handler: system }
        time: { handler: system }
        """

    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("time starts first, then random, then the others; they stop in the reverse order")
    func order() async throws {
        let events = Events()
        let assembly = try Assembly(yaml: twoNotes, events: events)
        try await assembly.withEffects(logger: logger) { effects, _ in
            try await effects.notes.add("note")
            #expect(effects.notes.count == 1)
        }
        #expect(
            events.all == [
                // The system's own, which the profile's are made with.
                "start time", "start random at 1",
                "start time", "start random at 1", "start file a", "start list at 1 with 4",
                "stop list", "stop file", "stop random", "stop time", "stop random", "stop time",
            ]
        )
    }

    @Test("named instances are handlers of their own")
    func instances() async throws {
        let assembly = try Assembly(yaml: twoNotes)
        try await assembly.withEffects(logger: logger) { effects, _ in
            try await effects[NotesEffect.self, instance: "other"].add("note")
            #expect(effects[NotesEffect.self, instance: "other"].count == 1)
            #expect(effects.notes.count == 0)
        }
    }

    @Test("where one handler cannot be made, those before it are stopped, and the error names it")
    func failedStart() async throws {
        let events = Events()
        let yaml = twoNotes.replacing("handler: list", with: "handler: broken")
        let assembly = try Assembly(yaml: yaml, events: events)
        let error = await #expect(throws: EffectError.self) {
            try await assembly.withEffects(logger: logger) { _, _ in Issue.record("It must not run.") }
        }
        #expect(error?.description == "notes.other (broken): unavailable: It never starts.")
        #expect(events.all.suffix(5) == ["stop file", "stop random", "stop time", "stop random", "stop time"])
    }

    @Test("handlers are stopped after the application failed, and its error comes through")
    func failedRun() async throws {
        let events = Events()
        let assembly = try Assembly(yaml: twoNotes, events: events)
        let error = await #expect(throws: EffectError.self) {
            try await assembly.withEffects(logger: logger) { _, _ in throw EffectError(.conflict, "It failed.") }
        }
        #expect(error?.code == .conflict)
        #expect(events.all.last == "stop time")
        #expect(events.all.filter { $0.hasPrefix("stop") }.count == 6)
    }

    @Test("handlers are stopped after the application was cancelled")
    func cancelled() async throws {
        let events = Events()
        let assembly = try Assembly(yaml: twoNotes, events: events)
        let logger = logger
        let task = Task {
            try await assembly.withEffects(logger: logger) { effects, _ in
                try await effects.time.sleep(for: .seconds(60))
            }
        }
        task.cancel()
        let error = await #expect(throws: EffectError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(events.all.filter { $0.hasPrefix("stop") }.count == 6)
    }

    @Test("the context says what the application runs on")
    func context() async throws {
        let assembly = try Assembly(yaml: profile(environment: "embedded"))
        try await assembly.withEffects(logger: logger) { _, context in
            #expect(context.profile.name == "good")
            #expect(context.environment == .embedded)
            #expect(context.budget.memoryLimit == .mebibytes(64))
            #expect(context.needs.isMet)
        }
    }

    @Test("a waived need is warned of at start")
    func warning() async throws {
        let lines = LoggedLines()
        let assembly = try Assembly(yaml: profile("handler: list") + "\nwaive: [notes.durable]")
        try await assembly.withEffects(logger: Logger(label: "test") { _ in lines.handler }) { _, _ in }
        #expect(lines.all == ["warning: The profile 'good' waives 'notes.durable': 'list' does without it."])
    }

    @Test("a test runs on a profile by the same way")
    func withAssembledProfile() async throws {
        let events = Events()
        let registry = HandlerRegistry { FixtureHandlers(events: events) }
        let good = try Profile(yaml: profile())
        let count = try await withAssembled(good, registry, needs: Notebook.needs, variables: [:]) { effects, _ in
            try await effects.notes.add("note")
            return effects.notes.count
        }
        #expect(count == 1)
        #expect(events.all.last == "stop time")
    }
}

/// What a logger was given.
private final class LoggedLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var handler: any LogHandler { Handler(lines: self) }

    private func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    private struct Handler: LogHandler {
        let lines: LoggedLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.add("\(event.level): \(event.message)")
        }
    }
}

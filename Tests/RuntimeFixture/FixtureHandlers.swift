internal import AuraEffects
public import AuraRuntime
internal import Synchronization

/// What happened to handlers, in its order.
public final class Events: Sendable {
    private let texts = Mutex<[String]>([])

    /// Creates an empty list.
    public init() {}

    /// The events so far.
    public var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) {
        texts.withLock { $0.append(text) }
    }
}

/// Handlers that say when they start and stop: notes by `list`, `file`, `broken` and,
/// made over others, `marked` and `drawn`; time and random by `system`.
public struct FixtureHandlers: HandlerBundle {
    private let report: @Sendable (String) -> Void

    /// Creates the bundle.
    ///
    /// - Parameter events: Where starts and stops are noted; without it they are printed.
    public init(events: Events? = nil) {
        report = { text in
            if let events {
                events.add(text)
            } else {
                writeNow("\(text)\n")
            }
        }
    }

    /// The handlers.
    public var declarations: [HandlerDeclaration] { [list, file, broken, marked, drawn, systemTime, systemRandom] }

    private var list: HandlerDeclaration {
        HandlerDeclaration(
            NotesEffect.self,
            technology: "list",
            summary: "Notes that live as long as the process.",
            capabilities: { _, _ in Capabilities(limits: [.valueBytes: 100]) },
            make: { [report] _, context throws(EffectError) in
                report("start list at \(context.time.now.nanosecondsSinceEpoch) with \(context.random.nextUInt64())")
                return ManagedHandler(ListedNotes(Capabilities(limits: [.valueBytes: 100]))) { report("stop list") }
            }
        )
    }

    private var file: HandlerDeclaration {
        HandlerDeclaration(
            NotesEffect.self,
            technology: "file",
            summary: "Notes that say they are durable.",
            settings: [
                .required("path", .path, "The file of the notes."),
                .optional("synchronous", .choice(["full", "normal", "off"]), default: "full", "When to sync."),
                .optional("cache", .byteCount, "The cache's size."),
                .optional("queue", .integer(1...1000), default: "64", "How many notes may wait."),
                .optional("vacuumOnClose", .boolean, default: "false", "Whether to shrink the file at the end."),
                .optional("interval", .duration, default: "60s", "How often to look."),
                .optional("url", .string, "Where else to send notes."),
                .optional("mirrors", .list, "Where copies of the notes go."),
                .optional("encryption.key", .secret, "The key of the notes."),
            ],
            capabilities: { settings, _ in Self.capabilities(of: settings) },
            derivedValues: { settings, budget in
                [("cache", (settings.byteCount("cache") ?? budget.journalCache).description)]
            },
            make: { [report] settings, _ throws(EffectError) in
                report("start file \(settings.string("path") ?? "")")
                return ManagedHandler(ListedNotes(Self.capabilities(of: settings))) { report("stop file") }
            }
        )
    }

    private static func capabilities(of settings: HandlerSettings) -> Capabilities {
        Capabilities(settings.string("synchronous") == "full" ? [.durable, .transactions] : [.transactions])
    }

    private var broken: HandlerDeclaration {
        HandlerDeclaration(
            NotesEffect.self,
            technology: "broken",
            summary: "Notes that never start.",
            capabilities: { _, _ in Capabilities([.durable]) },
            make: { _, _ throws(EffectError) in throw EffectError(.unavailable, "It never starts.") }
        )
    }

    private var marked: HandlerDeclaration {
        HandlerDeclaration(
            NotesEffect.self,
            technology: "marked",
            summary: "Notes with a mark, over others.",
            settings: [
                .handler("over", NotesEffect.self, "The notes that get a mark."),
                .optional("mark", .string, default: "*", "What notes begin with; 'none' keeps it from starting."),
            ],
            capabilities: { settings, budget in
                settings.handler("over")?.capabilities(under: Self.half(budget)) ?? Capabilities()
            },
            budgetWithin: { Self.half($1) },
            make: { [report] settings, context throws(EffectError) in
                var within = context
                within.budget = Self.half(context.budget)
                return try await settings.makeHandler("over", NotesEffect.self, within)
                    .lending { notes throws(EffectError) in
                        let mark = settings.string("mark") ?? ""
                        if mark == "none" { throw EffectError(.invalidArgument, "There is no mark.") }
                        report("start marked with a cache of \(context.budget.journalCache)")
                        return ManagedHandler(MarkedNotes(mark: mark, over: notes)) { report("stop marked") }
                    }
            }
        )
    }

    private static func half(_ budget: ResourceBudget) -> ResourceBudget {
        var budget = budget
        budget.journalCache = ByteCount(bytes: budget.journalCache.bytes / 2)
        return budget
    }

    private var drawn: HandlerDeclaration {
        HandlerDeclaration(
            NotesEffect.self,
            technology: "drawn",
            summary: "Notes over a random source.",
            settings: [.handler("source", RandomEffect.self, "Where notes come from.")],
            capabilities: { _, _ in Capabilities() },
            make: { [report] settings, context throws(EffectError) in
                try await settings.makeHandler("source", RandomEffect.self, context)
                    .lending { source in
                        report("start drawn with \(source.nextUInt64())")
                        return ManagedHandler(ListedNotes(Capabilities())) { report("stop drawn") }
                    }
            }
        )
    }

    private var systemTime: HandlerDeclaration {
        HandlerDeclaration(
            TimeEffect.self,
            technology: "system",
            summary: "A clock that stands at one nanosecond after 1970.",
            capabilities: { _, _ in Capabilities() },
            make: { [report] _, _ throws(EffectError) in
                report("start time")
                return ManagedHandler(StandingTime()) { report("stop time") }
            }
        )
    }

    private var systemRandom: HandlerDeclaration {
        HandlerDeclaration(
            RandomEffect.self,
            technology: "system",
            summary: "A source that always draws four.",
            capabilities: { _, _ in Capabilities() },
            make: { [report] _, context throws(EffectError) in
                report("start random at \(context.time.now.nanosecondsSinceEpoch)")
                return ManagedHandler(FourRandom()) { report("stop random") }
            }
        )
    }
}

private struct StandingTime: TimeEffects {
    var capabilities: Capabilities { Capabilities() }
    var now: WallTime { WallTime(nanosecondsSinceEpoch: 1) }
    var monotonicNow: MonotonicInstant { MonotonicInstant(nanoseconds: 1) }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        // The clock stands, so only cancellation ends the wait.
        try await ChangeSignal().wait(beyond: 0)
    }
}

private struct FourRandom: RandomEffects {
    var capabilities: Capabilities { Capabilities() }
    func nextUInt64() -> UInt64 { 4 }
    func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 4, count: count) }
}

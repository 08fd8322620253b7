#if SQLite
internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSimulation
internal import Synchronization
internal import Testing

@testable internal import FieldnotesCore

/// The names of attachments that a test was told of.
private final class Names: Sendable {
    private let names = Mutex<Set<String>>([])

    func add(_ name: String) {
        names.withLock { _ = $0.insert(name) }
    }

    var all: Set<String> { names.withLock { $0 } }
}

private struct Lost: Error {
    var what: String
}

/// Attachments on a machine that crashes, in a cloud that fails.
@Suite struct AttachmentTests {
    private static let profile = """
        profile: device
        environment: embedded
        journal: { handler: sqlite, path: /data/journal.db }
        storage: { handler: filesystem, path: /data/storage }
        cloud:   { objects: { handler: simulated } }
        folder:  { handler: memory }
        time:    { handler: system }
        random:  { handler: system }
        """

    private static func contents(_ name: String) -> [UInt8] {
        Array(String(repeating: name, count: 10_000).utf8)
    }

    private static func attach(_ name: String, to note: NoteID, _ effects: EffectSystem) async throws {
        try await effects.folder.replace("f", in: "/in") { part throws(EffectError) in part == 0 ? contents(name) : [] }
        _ = try await Notebook(effects).attach("/in/f", to: note, name: name, contentType: nil)
    }

    /// Fetches everything that the journal refers to.
    private static func check(_ note: NoteID, _ effects: EffectSystem) async throws -> Set<String> {
        let notebook = Notebook(effects)
        var names: Set<String> = []
        for attachment in try await notebook.attachments(of: note) {
            let name = attachment.file.name
            try await notebook.fetch(attachment, to: "f", in: "/out")
            let fetched = try await effects.folder.read("/out/f", from: 0, limit: 1 << 20)
            guard fetched == contents(name) else { throw Lost(what: "the bytes of \(name)") }
            names.insert(name)
        }
        return names
    }

    private static func run(_ seed: UInt64) async throws {
        let program = NodeProgram(
            profile: try Profile(yaml: profile),
            handlers: HandlerRegistry {
                SQLiteHandlers()
                FileSystemHandlers()
                FolderHandlers()
            }
        )
        try await withWorld(seed: seed) { world in
            let node = try await world.addNode("device", program)
            let note = try await node.perform { try await Notebook($0).add(Array("heron".utf8), tags: []) }
            let acknowledged = Names()
            world.cloud.conditions.lostAnswers = 0.1
            world.cloud.conditions.lostRequests = 0.1
            for round in 0..<4 {
                let worker = Task {
                    for number in 0..<4 {
                        let name = "\(round)-\(number)"
                        do {
                            try await node.perform { try await attach(name, to: note, $0) }
                            acknowledged.add(name)
                        } catch is EffectError {
                            // It may be attached or not: what is must be whole.
                        }
                    }
                }
                try await world.time.sleep(for: .milliseconds(Int64.random(in: 0..<400)))
                node.crash()
                worker.cancel()
                _ = await worker.result
                try await node.start()
            }
            world.cloud.conditions = .calm
            let found = try await node.perform { try await check(note, $0) }
            let lost = acknowledged.all.subtracting(found)
            guard lost.isEmpty else { throw Lost(what: "\(lost.sorted())") }
            Simulation.sometimes(!found.isEmpty, "something was attached")
            let unknown = try await node.perform { try await Notebook($0).removeUnreferencedObjects(of: note).unknown }
            Simulation.sometimes(!unknown.isEmpty, "bytes came whose entry never did")
        }
    }

    @Test("no entry refers to bytes that are not there, whenever the machine crashes and whatever answers get lost")
    func crashes() async {
        let configuration = SimulationConfiguration(stepCost: .upTo(.microseconds(20)))
        var sweep = SeedSweep(seeds: 0..<30, configuration: configuration)
        sweep.shrinkingRuns = 0
        let report = await sweep.run { seed in try await Self.run(seed) }
        #expect(report.isClean, "\(report.explanation(replayedBy: nil))")
    }
}
#endif

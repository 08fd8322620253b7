internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import Logging
internal import Measuring

/// Reads and writes of storage in memory, 256 bytes each, recorded in a file as `--record` does.
///
/// A sample lasts from the first call to the closed file.
final class RecordedCalls: Comparison {
    let name = "record"
    let unit = "calls/s"
    let isHigherBetter = true
    let target = Target.oursAtLeast(200_000)

    private let calls: Int
    private let path: String

    init(calls: Int, folder: String) {
        self.calls = calls
        path = "\(folder)/recording.jsonl"
    }

    func measureOurs() async throws -> Double {
        try await perSecond(RecordingOptions(path: path, replaces: true))
    }

    /// The same calls, not recorded.
    func measureBaseline() async throws -> Double? {
        try await perSecond(nil)
    }

    private func perSecond(_ recording: RecordingOptions?) async throws -> Double {
        let yaml = """
            profile: recording
            environment: server
            storage: { handler: memory }
            time: { handler: system }
            random: { handler: system }
            """
        let registry = HandlerRegistry {
            MemoryHandlers()
            SystemHandlers()
        }
        let assembly = try Assembly(try Profile(yaml: yaml, file: "recording.yaml"), registry, variables: [:])
        let bytes = [UInt8](repeating: 7, count: 256)
        let calls = calls
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let elapsed = try await seconds {
            try await assembly.withEffects(logger: logger, recording: recording) { effects, _ in
                for number in 0..<calls / 2 {
                    let key = StorageKey("note-\(number % 100)")
                    try await effects.storage.write(bytes, to: key)
                    _ = try await effects.storage.read(key)
                }
            }
        }
        return Double(calls) / elapsed
    }

    func finish() async throws {
        removeFile(path)
    }
}

#if TLSNetwork
internal import Logging
internal import Synchronization

/// Keeps what a node logs.
final class LogCollector: Sendable {
    private let lines = Mutex<[String]>([])

    /// What was logged so far, with its metadata.
    var soFar: [String] { lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(collector: self) }
        logger.logLevel = .debug
        return logger
    }

    /// Waits until a line holds all of some texts.
    func wait(for texts: String...) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while !soFar.contains(where: { line in texts.allSatisfy { line.contains($0) } }) {
            guard ContinuousClock.now < deadline else {
                throw TestFailure("\(texts) was not logged, but: \(soFar.joined(separator: " | "))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private struct Handler: LogHandler {
        let collector: LogCollector
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let values = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted().joined(separator: " ")
            collector.lines.withLock { $0.append("\(event.message) \(values)") }
        }
    }
}
#endif

#if AWS
internal import AuraEffects
internal import Foundation
internal import Synchronization
internal import Testing

/// Counts the requests that operations take, on the way to what sends them.
final class RequestMeter: HTTPEffects {
    private let base: any HTTPEffects
    private let sent = Mutex(0)
    private let measured = Mutex<Set<String>>([])

    init(_ base: any HTTPEffects) {
        self.base = base
    }

    var capabilities: Capabilities { base.capabilities }

    func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        sent.withLock { $0 += 1 }
        return try await base.send(request)
    }

    /// Expects that an operation takes so many requests.
    @discardableResult
    func expect<Value>(
        _ count: Int,
        of operation: String,
        _ location: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Value
    ) async throws -> Value {
        let before = sent.withLock { $0 }
        let value = try await body()
        let taken = sent.withLock { $0 } - before
        #expect(taken == count, "requests of '\(operation)'", sourceLocation: location)
        measured.withLock { _ = $0.insert(operation) }
        return value
    }

    /// Expects that the operations that were measured are those whose requests a section of `docs/cloud.md` states.
    func expectAll(of section: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../docs/cloud.md").standardizedFileURL
        let sections = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n## ")
        let text = try #require(sections.first { $0.hasPrefix("\(section)\n") })
        let rows = text.components(separatedBy: "| operation | requests |\n|---|---|\n")[1].split(separator: "\n")
            .prefix { $0.hasPrefix("|") }
        let documented = rows.flatMap { row in
            // The first column's names: `S3Bucket.versions`, `.parts`.
            let names = row.split(separator: "|")[0].matches(of: /`([A-Za-z0-9]*\.)?([a-zA-Z]+)`/)
            return names.map { String($0.output.2) }
        }
        // Settings that the rows mention.
        #expect(measured.withLock { $0 } == Set(documented).subtracting(["partSize", "wait"]))
    }
}
#endif

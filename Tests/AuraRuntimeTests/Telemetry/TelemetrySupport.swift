internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Foundation
internal import Logging
internal import Synchronization

/// What was written, a line each.
final class Lines: Sendable {
    private let lines = Mutex<[[UInt8]]>([])

    func add(_ bytes: [UInt8]) { lines.withLock { $0.append(bytes) } }

    var texts: [String] { lines.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

    /// The lines as JSON objects; a line that is none is an error.
    func objects() throws -> [[String: Any]] {
        try lines.withLock { lines in
            try lines.map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line))
                guard let object = value as? [String: Any] else { throw NotAnObject() }
                return object
            }
        }
    }

    private struct NotAnObject: Error {}

    /// A logger that writes JSON here.
    func logger(level: Logger.Level = .trace) -> Logger {
        Logger(label: "test") { label in
            JSONLogHandler(label: label, level: level, output: LogOutput { self.add($0) })
        }
    }
}

/// An operation that a test makes up.
func operation(_ effect: String, _ name: String, index: Int = 0) -> EffectOperation {
    EffectOperation(effect: effect, name: name, index: index)
}

/// A chain around a handler that a test makes up.
func chain(
    of effect: String = "storage",
    observers: [any EffectObserver] = [],
    _ interceptors: [any Interceptor] = [],
    time: any TimeEffects = ManualTimeHandler()
) -> InterceptorChain {
    InterceptorChain(
        of: EffectTarget(effect: effect, handler: "fake"),
        observers: observers,
        interceptors: interceptors,
        time: time
    )
}

/// What a call failed with; `nil` where it did not.
func failure<Value>(_ body: () async throws(EffectError) -> Value) async -> EffectError? {
    do throws(EffectError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

public import AuraEffects
internal import Synchronization

/// Where memory handlers of topics push messages to: closures by address.
///
/// ```swift
/// let targets = MemoryPushTargets()
/// targets.register("memory:mail") { message in try await deliver(message) }
/// let handlers = HandlerRegistry { MemoryHandlers(pushTargets: targets); SystemHandlers() }
/// ```
public final class MemoryPushTargets: Sendable {
    /// Takes a message: one that it throws for is pushed again.
    public typealias Body = @Sendable (ReceivedMessage) async throws -> Void

    private let bodies = Mutex<[String: Body]>([:])

    /// Creates no targets.
    public init() {}

    /// Adds a target, or replaces the one of its address.
    public func register(_ address: String, _ body: @escaping Body) {
        bodies.withLock { $0[address] = body }
    }

    func body(at address: String) -> Body? {
        bodies.withLock { $0[address] }
    }
}

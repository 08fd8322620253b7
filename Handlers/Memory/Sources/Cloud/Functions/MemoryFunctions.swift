public import AuraEffects
internal import Synchronization

/// The functions that memory handlers of functions run: closures by name.
///
/// ```swift
/// let functions = MemoryFunctions()
/// functions.register("resize") { payload in try await resize(payload) }
/// let handlers = HandlerRegistry { MemoryHandlers(functions: functions); SystemHandlers() }
/// ```
public final class MemoryFunctions: Sendable {
    /// A function: what it throws is its own error.
    public typealias Body = @Sendable (_ payload: [UInt8]) async throws -> [UInt8]

    private let bodies = Mutex<[FunctionName: Body]>([:])

    /// Creates no functions.
    public init() {}

    /// Adds a function, or replaces the one of its name.
    public func register(_ name: FunctionName, _ body: @escaping Body) {
        bodies.withLock { $0[name] = body }
    }

    func body(of name: FunctionName) -> Body? {
        bodies.withLock { $0[name] }
    }
}

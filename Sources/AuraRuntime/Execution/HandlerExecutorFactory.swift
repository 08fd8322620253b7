/// Makes the serial executors that handlers run their blocking calls on.
///
/// In production each is a thread of its own. A simulation gives its own executor, on which a C call is one step.
public struct HandlerExecutorFactory: Sendable {
    private let make: @Sendable (String) -> any SerialExecutor

    /// Creates a factory.
    ///
    /// - Parameter make: Makes an executor from a label.
    public init(_ make: @escaping @Sendable (_ label: String) -> any SerialExecutor) {
        self.make = make
    }

    /// A thread per executor.
    public static let threads = HandlerExecutorFactory { ThreadExecutor(label: $0) }

    /// Makes an executor.
    ///
    /// - Parameter label: Names the executor in debuggers and traces.
    /// - Returns: The executor.
    public func makeExecutor(label: String) -> any SerialExecutor {
        make(label)
    }
}

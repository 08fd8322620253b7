/// Resolves names on a thread of its own, since the system's resolver blocks for as long as its servers are silent.
actor NTPResolver {
    private let executor: any SerialExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(executor: any SerialExecutor) {
        self.executor = executor
    }

    /// The first address of a name; `nil` where there is none at present.
    func address(of name: NTPServerName) -> SocketAddress? {
        SocketAddress(resolving: name)
    }
}

internal import AuraRuntime

/// An actor on a thread of its own, which no simulation owns.
actor ThreadOutside {
    private nonisolated let executor = ThreadExecutor(label: "outside")
    private var calls = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private func count() -> Int {
        calls += 1
        return calls
    }

    static func call() async -> Int {
        await ThreadOutside().count()
    }
}

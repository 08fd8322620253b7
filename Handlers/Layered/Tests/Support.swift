internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Foundation
internal import Logging
internal import Synchronization

/// A folder that is removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("aura-layered-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension HandlerContext {
    /// A context with the system's clock and random source.
    static let system = HandlerContext(
        budget: ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 0.3, ioQuota: .mebibytes(10)),
        time: SystemTimeHandler(),
        random: SystemRandomHandler(),
        logger: Logger(label: "test")
    )
}

/// A storage that notes which operations reach it, and holds reads up where asked to.
final class WatchedStorage: StorageEffects {
    private struct State {
        var operations: [String] = []
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let inner: any StorageEffects
    private let state = Mutex(State())

    init(_ inner: any StorageEffects) {
        self.inner = inner
    }

    var capabilities: Capabilities { inner.capabilities }

    /// The operations since the last call.
    func takeOperations() -> [String] {
        state.withLock { state in
            defer { state.operations = [] }
            return state.operations
        }
    }

    /// Lets reads fetch their value and then wait.
    func holdReads() {
        state.withLock { $0.isHolding = true }
    }

    /// Lets new reads through; those that wait go on waiting.
    func stopHolding() {
        state.withLock { $0.isHolding = false }
    }

    var heldReadCount: Int { state.withLock { $0.held.count } }

    func releaseReads() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.isHolding = false
            return state.held
        }
        for read in held { read.resume() }
    }

    private func note(_ operation: String) {
        state.withLock { $0.operations.append(operation) }
    }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        note("read \(key)")
        let value = try await inner.read(key)
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        return value
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        note("write \(key)")
        return try await inner.write(bytes, to: key, if: precondition)
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        note("remove \(key)")
        return try await inner.remove(key, if: precondition)
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        note("list \(prefix)")
        return try await inner.list(prefix: prefix, after: key, limit: limit)
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        note("transact")
        return try await inner.transact(mutations)
    }
}

/// A storage that refuses changes where asked to, before anything has happened, and counts and holds up transactions.
final class RefusingStorage: StorageEffects {
    private struct State {
        var code: EffectError.Code?
        var transactionCount = 0
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let inner: any StorageEffects
    private let state = Mutex(State())

    init(_ inner: any StorageEffects) {
        self.inner = inner
    }

    var capabilities: Capabilities { inner.capabilities }

    /// How many transactions were asked for.
    var transactionCount: Int { state.withLock { $0.transactionCount } }

    /// Refuses changes from now on; `nil` to let them through.
    func refuse(_ code: EffectError.Code?) {
        state.withLock { $0.code = code }
    }

    /// Lets transactions wait from now on.
    func hold() {
        state.withLock { $0.isHolding = true }
    }

    /// How many transactions wait.
    var heldCount: Int { state.withLock { $0.held.count } }

    /// Lets transactions through.
    func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.isHolding = false
            return state.held
        }
        for transaction in held { transaction.resume() }
    }

    private func check(_ operation: String) throws(EffectError) {
        if let code = state.withLock({ $0.code }) {
            throw EffectError(code, "No.", effect: "storage", operation: operation, handler: "refusing")
        }
    }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try await inner.read(key)
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try check("write")
        return try await inner.write(bytes, to: key, if: precondition)
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try check("remove")
        return try await inner.remove(key, if: precondition)
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try await inner.list(prefix: prefix, after: key, limit: limit)
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                state.transactionCount += 1
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        try check("transact")
        return try await inner.transact(mutations)
    }
}

#if OpenSSL
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import Testing

@Suite("Writers of encrypted storage that share a transaction")
struct EncryptedWriterTests {
    private let memory = MemoryStorageHandler()

    /// Lets the writer wait in its first transaction until `count` calls are queued behind it; returns what becomes of them.
    private func group(
        of count: Int,
        on inner: RefusingStorage,
        _ vault: Vault,
        _ write: @escaping @Sendable (Int, any StorageEffects) async throws -> Void
    ) async throws -> [EffectError.Code?] {
        let storage = try await EncryptedStorageHandler.open(over: inner, key: "notes", vault.context())
        inner.hold()
        let first = Task { try await storage.write([0], to: "first") }
        while inner.heldCount == 0 { await Task.yield() }
        let tasks = (0..<count)
            .map { number in
                Task { () async -> EffectError.Code? in
                    do { try await write(number, storage) } catch { return (error as? EffectError)?.code }
                    return nil
                }
            }
        // They seal their values and queue: nothing shows when they have.
        try await Task.sleep(for: .milliseconds(300))
        inner.release()
        _ = try? await first.value
        var codes: [EffectError.Code?] = []
        for task in tasks { codes.append(await task.value) }
        await storage.close()
        return codes
    }

    @Test(
        "a storage that cannot work now is not asked again for each of them",
        arguments: [EffectError.Code.unavailable, .resourceExhausted, .deadlineExceeded]
    )
    func unavailable(_ code: EffectError.Code) async throws {
        let vault = try await Vault.withKey()
        let inner = RefusingStorage(memory)
        inner.refuse(code)
        let codes = try await group(of: 40, on: inner, vault) { number, storage in
            try await storage.write([1], to: StorageKey("k\(number)"))
        }
        #expect(codes == Array(repeating: code, count: 40))
        // The first one's, and at most one for each where they never met.
        #expect(inner.transactionCount <= 41)
    }

    @Test("one whose condition fails or whose value is damaged fails alone")
    func verdicts() async throws {
        let vault = try await Vault.withKey()
        let storage = try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context())
        for byte: UInt8 in 1...2 { try await storage.write([byte], to: "damaged") }
        let revision = try #require(try await storage.read("damaged")).revision
        await storage.close()
        var bytes = try #require(try await memory.read("v/damaged")).bytes
        bytes[40] ^= 1
        try await memory.write(bytes, to: "v/damaged")
        let codes = try await group(of: 4, on: RefusingStorage(memory), vault) { number, storage in
            switch number {
            case 0: _ = try await storage.write([3], to: "a")
            case 1: _ = try await storage.write([3], to: "damaged", if: .matches(revision))
            case 2: _ = try await storage.write([3], to: "b", if: .matches(revision))
            default: _ = try await storage.write([3], to: "c")
            }
        }
        #expect(codes == [nil, .corrupted, .preconditionFailed, nil])
    }
}
#endif

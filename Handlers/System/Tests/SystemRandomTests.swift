internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Testing

@Suite("SystemRandomHandler and its bundle")
struct SystemRandomTests {
    private let random = SystemRandomHandler()

    @Test("gives as many bytes as asked for", arguments: [0, 1, 7, 8, 9, 1000])
    func count(count: Int) {
        #expect(random.bytes(count).count == count)
    }

    @Test("does not repeat itself")
    func distinct() {
        // A collision among a thousand 64-bit numbers has a chance of one in 10^13.
        #expect(Set((0..<1000).map { _ in random.nextUInt64() }).count == 1000)
        #expect(random.bytes(32) != random.bytes(32))
    }

    @Test("sets every bit about half of the time")
    func balance() {
        let bytes = random.bytes(64_000)
        for bit in 0..<8 {
            // 15 standard deviations to either side.
            let count = bytes.count { $0 >> bit & 1 == 1 }
            #expect((30_100...33_900).contains(count))
        }
    }

    @Test("is declared unpredictable, in the handler as in the bundle")
    func declaration() throws {
        #expect(random.capabilities.contains(.unpredictable))
        let registry = HandlerRegistry { SystemHandlers() }
        let budget = ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 1, ioQuota: .mebibytes(1))
        for effect in ["time", "random"] {
            let declaration = try #require(registry.declaration(effect: effect, technology: "system"))
            let declared = declaration.capabilities(HandlerSettings([:]), budget)
            #expect(declared == (effect == "time" ? SystemTimeHandler().capabilities : random.capabilities))
        }
    }
}

internal import AuraEffects
internal import Testing

@Suite("Capabilities")
struct CapabilitiesTests {
    @Test("a limit that is not declared is none")
    func limits() {
        let capabilities = Capabilities([.transactions], limits: [.keyBytes: 8])
        #expect(capabilities.contains(.transactions))
        #expect(!capabilities.contains(.durable))
        #expect(capabilities.limit(.keyBytes) == 8)
        #expect(capabilities.limit(.valueBytes) == .max)
    }
}

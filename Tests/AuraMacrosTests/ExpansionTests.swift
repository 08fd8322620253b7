#if Macros
internal import EffectExpansion
internal import Testing

@Suite("Expansion")
struct ExpansionTests {
    @Test("a file without an effect protocol generates nothing")
    func noProtocol() {
        #expect(GeneratedFile(from: "protocol P: Sendable {}", named: "P.swift").text.isEmpty)
    }
}
#endif

internal import AuraEffects
internal import Testing

@Suite("Hexadecimal text")
struct HexadecimalTests {
    @Test("bytes are read as they were written, and in upper case")
    func bytes() {
        let bytes = (0...255).map { UInt8($0) }
        let text = Hexadecimal.string(bytes)
        #expect(Hexadecimal.bytes(text) == bytes)
        #expect(Hexadecimal.bytes(text.uppercased()) == bytes)
        #expect(Hexadecimal.bytes(text.dropFirst(2)) == Array(bytes.dropFirst()))
        #expect(Hexadecimal.bytes("") == [])
    }

    @Test("anything else is no bytes", arguments: ["0", "000", "0g", " 00", "00 ", "0x00", "-1", "１１", "é"])
    func refusals(_ text: String) {
        #expect(Hexadecimal.bytes(text) == nil)
    }
}

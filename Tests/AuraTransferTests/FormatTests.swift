internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable internal import AuraTransfer

@Suite("Lines of an export")
struct FormatTests {
    private var generator = EffectRandomNumberGenerator(SeededRandomHandler(seed: 11))

    @Test("base64 is as Foundation writes and reads it, and every byte is found to be a digit or not")
    mutating func base64() {
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            var digits = [UInt8](repeating: 0, count: Base64.encodedCount(count))
            let written = bytes.withUnsafeBytes { bytes in
                digits.withUnsafeMutableBytes { Base64.encode(bytes, into: $0) }
            }
            #expect(written == digits.count)
            #expect(String(decoding: digits, as: UTF8.self) == Data(bytes).base64EncodedString())
            #expect(digits.withUnsafeBytes { Base64.decode($0) } == bytes)
        }
        for byte in UInt8.min ... .max {
            let digits = [byte, UInt8(ascii: "A"), UInt8(ascii: "A"), UInt8(ascii: "A")]
            let expected = Data(base64Encoded: Data(digits))
            #expect((digits.withUnsafeBytes { Base64.decode($0) } != nil) == (expected != nil), "byte \(byte)")
        }
    }

    @Test("a byte is found where it stands first, however the words lie")
    mutating func byteSearch() {
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator))
                .map { _ in
                    UInt8.random(in: 0...3, using: &generator) &* 0x7f
                }
            let start = Int.random(in: 0...bytes.count, using: &generator)
            let wanted = UInt8.random(in: 0...3, using: &generator) &* 0x7f
            let found = bytes.withUnsafeBytes { ByteSearch.first(wanted, in: $0, from: start) }
            #expect(found == bytes[start...].firstIndex(of: wanted))
        }
    }

    @Test("an entry is read as it was written, whatever its names, numbers and payload")
    mutating func entries() throws {
        for _ in 0..<500 {
            let entry = entry()
            let bytes = ExportEncoder.encode([entry])
            #expect(bytes.last == UInt8(ascii: "\n"))
            let line = try bytes.dropLast().withUnsafeBytes { try ExportDecoder.decode($0) }
            #expect(line == .entry(entry))
            // Other programs read the lines as JSON.
            let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            #expect(object["stream"] as? String == entry.stream.text)
            #expect(object["kind"] as? String == entry.kind.text)
            #expect(object["sequence"] as? UInt64 == entry.sequence)
        }
    }

    @Test("a line without any one of its bytes is refused")
    mutating func missingBytes() throws {
        let line = Array(ExportEncoder.encode([entry()]).dropLast())
        for index in line.indices {
            var shorter = line
            shorter.remove(at: index)
            #expect(throws: LineFault.self) { try shorter.withUnsafeBytes { try ExportDecoder.decode($0) } }
        }
    }

    private mutating func entry() -> JournalEntry {
        let isCompacted = Bool.random(using: &generator)
        let payload = (0..<Int.random(in: 0..<300, using: &generator))
            .map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
        return JournalEntry(
            stream: StreamName(text()),
            revision: .first,
            position: .start,
            origin: OriginID(rawValue: .random(in: .min ... .max, using: &generator)),
            sequence: UInt64.random(in: .min ... .max, using: &generator)
                >> UInt64.random(in: 0..<64, using: &generator),
            id: EntryID(rawValue: .random(in: .min ... .max, using: &generator)),
            timestamp: HybridTimestamp(rawValue: .random(in: .min ... .max, using: &generator)),
            kind: EntryKind(text()),
            body: isCompacted ? .compacted(SHA256.hash(payload)) : .payload(payload),
            hash: SHA256.hash(payload + [1])
        )
    }

    private mutating func text() -> String {
        let letters = Array("ab\"\\/\u{0}\u{1f}\u{7f}\n\r\té漢🗄️\u{2028}")
        return String(
            (0...Int.random(in: 0..<20, using: &generator))
                .map { _ in
                    letters[Int.random(in: letters.indices, using: &generator)]
                }
        )
    }
}

#if OpenSSL
internal import AuraEffects
internal import OpenSSLSupport
internal import Testing

/// Random changes to a trust store's text, the same for the same seed.
@Suite("The text of a trust store, damaged at random")
struct TrustFileMutationTests {
    /// SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators").
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    private static func sample(_ generator: inout Generator) throws -> TrustFile {
        let comment = "aura-trust 1\n\n   # compared with its owner by telephone, on the first of May\n# über\n\n"
        var file = try TrustFile(parsing: Array(comment.utf8), from: "sample")
        for index in 0..<Int.random(in: 1...3, using: &generator) {
            let key = KeyFingerprint(subjectPublicKeyInfo: [
                UInt8.random(in: .min ... .max, using: &generator), UInt8(index),
            ])
            if Bool.random(using: &generator) {
                try file.pin(key, as: "node-\(index)")
            } else {
                file.revoke(key, at: Int64.random(in: 0...253_402_300_799, using: &generator))
            }
        }
        return file
    }

    private static func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
        let interesting = Array("\n\r\t #0aAzZ-:TéinkerevoP\u{0}\u{ff}".utf8) + [0x80, 0xff, 0xc3]
        for _ in 0..<Int.random(in: 1...2, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let byte = interesting.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] = byte
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            case 2: bytes.insert(byte, at: place)
            case 3: bytes.remove(at: place)
            case 4: bytes.removeSubrange(place..<Int.random(in: place...bytes.count, using: &generator))
            default: bytes.append(contentsOf: bytes[place..<Int.random(in: place...bytes.count, using: &generator)])
            }
        }
    }

    @Test("is refused with its place or means what it says: no line is passed over")
    func mutations() throws {
        var generator = Generator(state: 2026)
        var (refused, read) = (0, 0)
        for _ in 0..<20_000 {
            let original = try Self.sample(&generator)
            var bytes = Array(original.text.utf8)
            Self.mutate(&bytes, &generator)
            do throws(EffectError) {
                let file = try TrustFile(parsing: bytes, from: "trust.txt")
                read += 1
                let again = try TrustFile(parsing: Array(file.text.utf8), from: "trust.txt")
                #expect(again.entries == file.entries)
                #expect(file.entries.count == Self.statements(in: bytes), "a line was passed over: \(file.text)")
            } catch {
                refused += 1
                #expect([.corrupted, .unsupported].contains(error.code) && error.message.hasPrefix("trust.txt"))
                #expect(error.message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
            }
        }
        // Both happen often, or the test would show nothing.
        #expect(refused > 4000 && read > 2000, "\(refused) refused, \(read) read")
    }

    /// How many lines say something: the parser passes none over but the first, blank ones and comments.
    private static func statements(in bytes: [UInt8]) -> Int {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .dropFirst()
            .filter { line in
                let first = line.first { ![UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains($0) }
                return first != nil && first != UInt8(ascii: "#")
            }
            .count
    }
}
#endif

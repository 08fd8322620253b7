internal import AuraEffects
internal import Testing

@testable internal import AuraRuntime

/// Values of every type that effects take or answer with, drawn from a seed.
@Suite("Values as JSON")
struct ValueCodingTests {
    private static let seeds: [UInt64] = Array(1...50)

    @Test("every value of the built-in effects reads back as it was written", arguments: seeds)
    func roundTrips(seed: UInt64) throws {
        var values = ValueSource(seed: seed)
        for value in values.everyKind() { try value.checkRoundTrip() }
    }

    @Test("values that are written directly are in the words of Codable")
    func direct() throws {
        // A value that hides its type takes the way of every other one.
        struct Wrapped<Value: Encodable>: Encodable {
            var value: Value
            func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
        }
        func check(_ value: some Encodable) throws {
            #expect(ValueEncoding().writeDirectly(value))
            #expect(try written(value) == written(Wrapped(value: value)))
        }
        try check("text")
        try check(StorageKey("key"))
        try check(StorageRevision(rawValue: .max))
        try check(StoredValue(bytes: [1, 2], revision: StorageRevision(rawValue: 3)))
        try check(StoredValue?.none)
        try check(StoredValue?.some(StoredValue(bytes: [], revision: StorageRevision(rawValue: 0))))
        for condition in [StoragePrecondition.none, .absent, .matches(StorageRevision(rawValue: 7))] {
            try check(condition)
        }
    }

    @Test("limits of numbers read back as they were written")
    func numbers() throws {
        try roundTrip([Int.min, Int.max, 0, -1])
        try roundTrip([UInt64.max, 0])
        try roundTrip([Int8.min, Int8.max])
        try roundTrip([UInt128.max, 0])
        try roundTrip([Int128.min, Int128.max])
        try roundTrip([Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0, 0.1, .infinity, -.infinity])
        try roundTrip([Float.pi, .infinity])
        let notANumber: [Double] = try read([Double](), from: try written([Double.nan]))
        #expect(notANumber.count == 1 && notANumber[0].isNaN)
    }

    @Test("texts of all kinds of characters read back byte for byte")
    func texts() throws {
        let texts = [
            "", "\0", "\u{1}\u{1f}\"\\/\u{7f}", "\r\n\t", "e\u{301}", "é", "👩‍👩‍👧‍👦", "\u{10ffff}\u{2028}\u{2029}",
            "\u{feff}x",
            String(repeating: "\"", count: 1000),
        ]
        for text in texts {
            let read: String = try read(text, from: try written(text))
            #expect(Array(read.utf8) == Array(text.utf8))
        }
        try roundTrip([StorageKey("e\u{301}"), StorageKey("é"), StorageKey("\0")])
    }

    @Test("optionals and nested arrays keep their levels")
    func nesting() throws {
        try roundTrip([Int?.none, 1, nil])
        try roundTrip([[[UInt8]]](arrayLiteral: [], [[]], [[1, 2], []]))
        try roundTrip(["a": [Int?.none, 2], "": []])
        try roundTrip([1: "one", -1: "minus one"])
        try roundTrip([StorageKey("k"): [UInt8](0...255)])
        try roundTrip(Optional<[UInt8]>.none)
        try roundTrip(Optional<[UInt8]>.some([]))
        try roundTrip([Bool](arrayLiteral: true, false))
    }

    @Test("bytes are base64, and a megabyte of them reads back")
    func bytes() throws {
        #expect(try written([UInt8]("any carnal pleas".utf8)) == #""YW55IGNhcm5hbCBwbGVhcw==""#)
        for count in 0...70 { try roundTrip([UInt8](repeating: UInt8(count), count: count)) }
        try roundTrip((0..<1_048_577).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    }

    @Test("what hash tables hold is written in one order")
    func order() throws {
        let words = (0..<100).map { "word \($0), \"quoted\" [\($0)]" }
        let set = try written(Set(words))
        let dictionary = try written(Dictionary(uniqueKeysWithValues: words.map { ($0, [$0]) }))
        let pairs = try written(Dictionary(uniqueKeysWithValues: words.map { (StorageKey($0), $0) }))
        for _ in 0..<5 {
            #expect(try written(Set(words.shuffled())) == set)
            #expect(try written(Dictionary(uniqueKeysWithValues: words.shuffled().map { ($0, [$0]) })) == dictionary)
            #expect(
                try written(Dictionary(uniqueKeysWithValues: words.shuffled().map { (StorageKey($0), $0) })) == pairs
            )
        }
        try roundTrip(Set(words))
        try roundTrip(Dictionary(uniqueKeysWithValues: words.map { (StorageKey($0), $0) }))
    }

    @Test("as an argument, many bytes are their count and checksum")
    func comparedBytes() {
        let encoding = ValueEncoding()
        encoding.byteStyle = .compared
        #expect(encoding.write([UInt8](repeating: 1, count: 64)) == nil)
        #expect(encoding.write(StorageMutation.write([UInt8](repeating: 1, count: 65), to: "k")) == nil)
        let text = String(decoding: encoding.bytes, as: UTF8.self)
        #expect(text.contains(#""_0":{"count":65,"xxh64":""#), "\(text)")
        #expect(text.hasPrefix(#""AQEBAQ"#))
    }

    @Test("a secret is never written, wherever it stands, and cannot be read")
    func secrets() throws {
        struct Login: Codable, Equatable {
            var name = "ada"
            var password = Secret("swordfish")
            static func == (left: Login, right: Login) -> Bool { left.name == right.name }
        }
        let encoding = ValueEncoding()
        #expect(encoding.write([Login()]) == nil)
        #expect(encoding.hasSecret)
        #expect(String(decoding: encoding.bytes, as: UTF8.self) == #"[{"name":"ada","password":"<redacted>"}]"#)
        #expect(throws: DecodingError.self) {
            _ = try ValueDecoder(try JSONParser.parse(encoding.bytes)).decode([Login].self)
        }
    }

    @Test("a class with a superclass, enums with payloads and nested containers read back")
    func containers() throws {
        let read: Derived = try read(Derived(), from: try written(Derived()))
        #expect(read.base == "base" && read.own == [1, 2])
        try roundTrip(Grid(rows: [[1, 2], [], [3]], name: "g"))
    }

    @Test("values that break the encoder's contract are refused with a reason, and leave nothing behind")
    func refusals() throws {
        let encoding = ValueEncoding()
        encoding.bytes = Array("before".utf8)
        for value in [Nothing(), Twice(), Interleaved(), Failing(), Endless()] as [any Encodable] {
            #expect(encoding.write(value) != nil, "\(type(of: value))")
            #expect(encoding.bytes == Array("before".utf8))
        }
        #expect(encoding.write([1]) == nil)
        #expect(encoding.bytes == Array("before[1]".utf8))
    }

    @Test("what is missing or of another type is named")
    func mismatches() throws {
        func message(_ json: String) -> String {
            do {
                _ = try ValueDecoder(try JSONParser.parse(Array(json.utf8))).decode(StoredValue.self)
                return "read"
            } catch {
                return "\(error)"
            }
        }
        #expect(message(#"{"revision":1}"#).contains("The member 'bytes' is missing"))
        #expect(message(#"{"bytes":"=","revision":1}"#).contains("not base64"))
        #expect(message(#"{"bytes":"","revision":-1}"#).contains("-1"))
        #expect(message(#"{"bytes":"","revision":"1"}"#).contains("a string where a number belongs"))
        #expect(message(#"[]"#).contains("an array where an object belongs"))
        #expect(message(#"{"bytes":"","revision":1}"#) == "read")
    }
}

// MARK: Helpers

func written(_ value: some Encodable) throws -> String {
    let encoding = ValueEncoding()
    let refusal = encoding.write(value)
    try #require(refusal == nil, "\(refusal ?? "")")
    return String(decoding: encoding.bytes, as: UTF8.self)
}

func read<Value: Decodable>(_ like: Value, from text: String) throws -> Value {
    try ValueDecoder(try JSONParser.parse(Array(text.utf8))).decode(Value.self)
}

func roundTrip<Value: Codable & Equatable>(_ value: Value) throws {
    let text = try written(value)
    let back = try read(value, from: text)
    #expect(back == value, "\(text)")
    #expect(try written(back) == text)
}

private class Base: Codable {
    var base = "base"
}

private final class Derived: Base {
    var own = [1, 2]

    override init() { super.init() }

    private enum CodingKeys: CodingKey { case own }

    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        own = try container.decode([Int].self, forKey: .own)
        try super.init(from: try container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(own, forKey: .own)
        try super.encode(to: container.superEncoder())
    }
}

private struct Grid: Codable, Equatable {
    var rows: [[Int]]
    var name: String

    enum CodingKeys: CodingKey { case rows, name }

    init(rows: [[Int]], name: String) {
        self.rows = rows
        self.name = name
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        var outer = try container.nestedUnkeyedContainer(forKey: .rows)
        rows = []
        while !outer.isAtEnd {
            var inner = try outer.nestedUnkeyedContainer()
            var row: [Int] = []
            while !inner.isAtEnd { row.append(try inner.decode(Int.self)) }
            rows.append(row)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var outer = container.nestedUnkeyedContainer(forKey: .rows)
        for row in rows {
            var inner = outer.nestedUnkeyedContainer()
            for number in row { try inner.encode(number) }
        }
        try container.encode(name, forKey: .name)
    }
}

private struct Nothing: Encodable {
    func encode(to encoder: any Encoder) {}
}

private struct Twice: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(1)
        try container.encode(2)
    }
}

private struct Interleaved: Encodable {
    func encode(to encoder: any Encoder) throws {
        var outer = encoder.unkeyedContainer()
        var first = outer.nestedUnkeyedContainer()
        var second = outer.nestedUnkeyedContainer()
        try second.encode(1)
        try first.encode(2)
    }
}

private struct Failing: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(1)
        throw EffectError(.internal, "It fails.")
    }
}

private struct Endless: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(Endless())
    }
}

internal import Testing

@testable internal import AuraRuntime

@Suite("Strict JSON")
struct JSONParserTests {
    private static let texts: [(String, String)] = [
        ("", "a value is missing"),
        ("  ", "a value is missing"),
        ("{", "a member's name is missing"),
        ("[", "a value is missing"),
        ("[1", "',' or ']'"),
        ("[1,", "a value is missing"),
        ("[1,]", "a value is missing or unknown"),
        ("[,1]", "a value is missing or unknown"),
        ("[1 2]", "',' or ']'"),
        ("]", "a value is missing or unknown"),
        ("}", "a value is missing or unknown"),
        ("[}", "a value is missing or unknown"),
        ("{]", "a member's name is missing"),
        (#"{"a"}"#, "':' after a member's name"),
        (#"{"a":}"#, "a value is missing or unknown"),
        (#"{"a":1"#, "',' or '}'"),
        (#"{"a":1,}"#, "a member's name is missing"),
        (#"{a:1}"#, "a member's name is missing"),
        (#"{'a':1}"#, "a member's name is missing"),
        (#"{1:1}"#, "a member's name is missing"),
        (#"{"a":1,"a":2}"#, "occurs twice"),
        (#"{"a":1,"\u0061":2}"#, "occurs twice"),
        ("1 2", "something after the value"),
        ("{} {}", "something after the value"),
        ("null,", "something after the value"),
        ("nul", "a value is missing or unknown"),
        ("True", "a value is missing or unknown"),
        ("NaN", "a value is missing or unknown"),
        ("Infinity", "a value is missing or unknown"),
        ("-", "a value is missing or unknown"),
        ("+1", "a value is missing or unknown"),
        ("01", "begins with zero"),
        ("-01", "begins with zero"),
        ("1.", "after the point"),
        (".5", "a value is missing or unknown"),
        ("1e", "in the exponent"),
        ("1e+", "in the exponent"),
        ("0x10", "something after the value"),
        ("1_000", "something after the value"),
        (#"""#, "has no end"),
        (#""abc"#, "has no end"),
        (#""abc\"#, "has no end"),
        (#""\x41""#, "unknown escape"),
        (#""\u12""#, "four hexadecimal digits"),
        (#""\u12g4""#, "four hexadecimal digits"),
        (#""\ud800""#, "half of a surrogate pair"),
        (#""\ud800\n""#, "half of a surrogate pair"),
        (#""\ud800\u0041""#, "half of a surrogate pair"),
        (#""\udc00\ud800""#, "half of a surrogate pair"),
        ("\"a\nb\"", "control character"),
        ("\"a\\n\u{1}\"", "control character"),
        ("// no\n1", "a value is missing or unknown"),
        ("\u{feff}1", "a value is missing or unknown"),
        ("\u{a0}1", "a value is missing or unknown"),
    ]
    private static let malformedBytes: [([UInt8], String)] = [
        ([0x22, 0xff, 0x22], "not UTF-8"),
        ([0x22, 0xc0, 0x80, 0x22], "not UTF-8"),
        ([0x22, 0xed, 0xa0, 0x80, 0x22], "not UTF-8"),
        ([0x22, 0xe2, 0x82, 0x22], "not UTF-8"),
        ([0x22, 0x5c, 0x6e, 0xff, 0x22], "not UTF-8"),
        (Array(repeating: UInt8(ascii: "["), count: 100_000), "nested too deeply"),
        (Array(String(repeating: #"{"a":"#, count: 100_000).utf8), "nested too deeply"),
    ]
    private static let cases = texts.map { (Array($0.utf8), $1) } + malformedBytes

    @Test("what is no JSON is refused with what is wrong, and where", arguments: cases.indices)
    func malformed(index: Int) {
        let (bytes, message) = Self.cases[index]
        let fault = #expect(throws: JSONFault.self) { _ = try JSONParser.parse(bytes) }
        let text = String(decoding: bytes.prefix(40), as: UTF8.self)
        #expect(fault?.message.contains(message) == true, "\(text): \(String(describing: fault))")
        #expect((fault?.offset ?? -1) <= bytes.count)
    }

    @Test("every beginning of a value is refused")
    func beginnings() throws {
        let whole = Array(#"{"a":[1.5e-3,"x\u00e9\ud83d\ude00",{"b":null}],"c":[true,false]}"#.utf8)
        #expect(throws: Never.self) { _ = try JSONParser.parse(whole) }
        for count in 0..<whole.count {
            #expect(throws: JSONFault.self) { _ = try JSONParser.parse(Array(whole[..<count])) }
        }
    }

    @Test("values are read as they are spelled")
    func values() throws {
        func parse(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }
        #expect(try parse(" [ 1 , 2 ]\n") == .array([.number("1"), .number("2")]))
        #expect(try parse("18446744073709551615") == .number("18446744073709551615"))
        #expect(try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#) == .string("\"\\/\u{8}\u{c}\n\r\té😀"))
        #expect(try parse(#"{"":{},"a":[]}"#) == .object(["": .object([:]), "a": .array([])]))
        #expect(try parse("-0.5E+10") == .number("-0.5E+10"))
    }
}

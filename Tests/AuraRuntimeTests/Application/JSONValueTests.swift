internal import Foundation
internal import Testing

@testable internal import AuraRuntime

@Suite("JSON output")
struct JSONValueTests {
    @Test(
        "any text comes back from a reader as it was",
        arguments: ["", "\"\\/", "\u{0}\u{1F}\n\r\t", "é ÷ 🙂", "</a>"]
    )
    func text(_ text: String) throws {
        let json = JSONValue.array([.string(text)]).description
        let read = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String]
        #expect(read == [text])
    }

    @Test("keys keep their order, and every kind of value is printed")
    func kinds() {
        let value: JSONValue = [
            "z": .null, "a": .boolean(true), "m": .integer(-3), "n": .number(0.5), "w": .number(2), "e": .array([]),
            "o": .object([]),
        ]
        #expect(
            value.description == """
                {
                  "z": null,
                  "a": true,
                  "m": -3,
                  "n": 0.5,
                  "w": 2,
                  "e": [],
                  "o": {}
                }
                """
        )
    }

    @Test("on one line there is no space between values, and none is lost in texts")
    func line() {
        let value: JSONValue = [
            "a": .array([.integer(1), .null]), "b": ["c": "x y\n\u{1}"], "d": .array([]), "e": .object([]),
        ]
        #expect(value.line == #"{"a":[1,null],"b":{"c":"x y\n\u0001"},"d":[],"e":{}}"#)
    }
}

internal import AuraEffects

private let changedHash = "it was altered: its hash does not follow from its contents and the entry before it"
private let changedLine = "it was altered: its check does not fit"
private let noExport = "Line 1: the file is no journal export"

// The lines are those of `sampleJournal()`.
extension MalformedImport {
    static let all: [MalformedImport] = files + headers + alteredLines + forgedLines + order + ends + snapshots

    static let files: [MalformedImport] = [
        MalformedImport("empty file", "The file is empty") { _ in [] },
        MalformedImport("text", noExport, code: .invalidArgument) { _ in Array("Dear reader,\nhello\n".utf8) },
        MalformedImport("text without a line", noExport, code: .invalidArgument) { _ in Array("hello".utf8) },
        MalformedImport("compressed", noExport, code: .invalidArgument) { [0x1f, 0x8b, 8, 0] + joined($0) },
        MalformedImport("byte order mark", noExport, code: .invalidArgument) { [0xef, 0xbb, 0xbf] + joined($0) },
        MalformedImport("UTF-16", noExport, code: .invalidArgument) { joined($0).flatMap { [$0, 0] } },
        MalformedImport("CR LF", "Line 1: it ends with CR LF") { joined($0.map { $0 + [UInt8(ascii: "\r")] }) },
        MalformedImport("empty first line", noExport, code: .invalidArgument) { joined([[]] + $0) },
        MalformedImport("too long a line", "Line 3: it is longer than 134217728 bytes") { lines in
            joined(Array(lines[..<2])) + [UInt8](repeating: UInt8(ascii: "a"), count: 129 * 1024 * 1024)
        },
    ]

    static let headers: [MalformedImport] = [
        .lines("no header", noExport, code: .invalidArgument) { $0.removeFirst() },
        .resealed(
            "another format",
            line: 1,
            "aura-journal",
            "aura-storage",
            "Line 1: the file is an export of another kind, 'aura-storage'",
            code: .invalidArgument
        ),
        .lines("newer version", "Line 1: the file has version 2 of the format", code: .unsupported) {
            $0[0] = Array("{\"format\":\"aura-journal\",\"version\":2,\"news\":true}".utf8)
        },
        .resealed("no version", line: 1, "\"version\":1", "\"version\":\"1\"", "Line 1: the format's version is not"),
        .lines("altered header", "Line 1: \(changedLine)") { $0[0][60] ^= 1 },
        .resealed(
            "another count",
            line: 1,
            "\"entries\":7",
            "\"entries\":8",
            "Line 1: its number of entries or its root"
        ),
        .resealed(
            "another head",
            line: 1,
            "\"sequence\":5",
            "\"sequence\":6",
            "Line 1: its number of entries or its root"
        ),
        .lines("origins out of order", "Line 1: its origins are doubled or not in their order") { lines in
            let first = replacing(origin(1), by: Array("x".utf8), in: lines[0])
            let second = replacing(origin(2), by: Array(origin(1).utf8), in: first)
            lines[0] = sealed(replacing("\"x\"", by: Array("\"\(origin(2))\"".utf8), in: second))
        },
        .lines("second header", "Line 4: it is a second header") { $0.insert($0[0], at: 3) },
    ]

    /// What happens to a line on its way.
    static let alteredLines: [MalformedImport] = [
        .lines("a flipped bit", "Line 6: \(changedLine)") { $0[5][100] ^= 4 },
        .lines("a flipped bit in the check", "Line 6: \(changedLine)") { lines in
            let digit = lines[5].count - 3
            lines[5][digit] = lines[5][digit] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        },
        .lines("a check that is none", "Line 6: the check is not in lower-case hexadecimal digits") {
            $0[5][$0[5].count - 3] = UInt8(ascii: "Z")
        },
        .lines("a flipped bit in a snapshot", "Line 2: \(changedLine)") { $0[1][30] ^= 1 },
        .lines("a flipped bit in the end", "Line 10: \(changedLine)") { $0[9][30] ^= 1 },
        .lines("a line cut short", "Line 7: it does not end with a check") { $0[6].removeLast(9) },
        .lines("a line cut off", "Line 7: it does not end with a check") { $0[6] = Array("{\"origin\":\"00".utf8) },
        .lines("a line with more", "Line 7: it does not end with a check") { $0[6].append(UInt8(ascii: " ")) },
        .lines("an empty line", "Line 7: it does not end with a check") { $0.insert([], at: 6) },
    ]

    /// Lines whose check fits.
    static let forgedLines: [MalformedImport] = [
        .resealed("another payload", line: 5, "dGhyZWUh", "dGhyZWU/", "Line 5: \(changedHash)"),
        .resealed("another payload's hash", line: 3, "payloadHash\":\"", "payloadHash\":\"0", "Line 3: "),
        .lines("another digit in a payload's hash", "Line 3: \(changedHash)") {
            changeDigit(after: "payloadHash\":\"", &$0[2])
        },
        .lines("another hash", "Line 5: \(changedHash)") { changeDigit(after: "\"hash\":\"", &$0[4]) },
        .lines("another last hash", "Line 9: the last entry of origin \(origin(2)) has another hash") {
            changeDigit(after: "\"hash\":\"", &$0[8])
        },
        .lines("another id", "Line 5: \(changedHash)") { changeDigit(after: "\"id\":\"", &$0[4]) },
        .resealed("another timestamp", line: 6, "\"timestamp\":", "\"timestamp\":1", "Line 6: \(changedHash)"),
        .resealed("another kind", line: 6, "test/1", "test/2", "Line 6: \(changedHash)"),
        .resealed("another stream", line: 5, "\"stream\":\"a\"", "\"stream\":\"b\"", "Line 5: \(changedHash)"),
        .resealed("an unknown origin", line: 5, origin(1), origin(9), "Line 5: its origin \(origin(9)) is not among"),
        .resealed("no base64", line: 5, "dGhyZWUh", "dGhyZWU!", "Line 5: the payload is not base64"),
        .resealed("base64 of another length", line: 5, "dGhyZWUh", "dGhyZWU", "Line 5: the payload is not base64"),
        .resealed("base64 with padding inside", line: 5, "dGhyZWUh", "dG==ZWUh", "Line 5: the payload is not base64"),
        .resealed("base64 with bits left over", line: 9, "c2V2ZW4=", "c2V2ZW5=", "Line 9: the payload is not base64"),
        .resealed(
            "an unknown field at the end",
            line: 5,
            "\",\"check",
            "\",\"x\":1,\"check",
            "Line 5: there is something"
        ),
        .resealed("an unknown field inside", line: 5, ",\"id\"", ",\"x\":1,\"id\"", "Line 5: ',\"id\":\"' is missing"),
        .resealed("a missing field", line: 5, "\"kind\":\"test/1\",", "", "Line 5: ',\"kind\":\"' is missing"),
        .resealed(
            "white space",
            line: 5,
            "\"sequence\":3",
            "\"sequence\": 3",
            "Line 5: the sequence is not a whole number"
        ),
        .resealed(
            "a leading zero",
            line: 5,
            "\"sequence\":3",
            "\"sequence\":03",
            "Line 5: the sequence is not a whole"
        ),
        .resealed(
            "a negative number",
            line: 5,
            "\"sequence\":3",
            "\"sequence\":-3",
            "Line 5: the sequence is not a whole"
        ),
        .resealed(
            "too large a number",
            line: 5,
            "\"sequence\":3",
            "\"sequence\":18446744073709551616",
            "Line 5: the sequence is too large"
        ),
        .resealed("upper case", line: 5, "\"id\":\"0", "\"id\":\"A", "Line 5: the id is not in lower-case hexadecimal"),
        .resealed("an escape of another kind", line: 6, "\\u000a", "\\n", "Line 6: the stream has an escape"),
        .resealed("an escape in upper case", line: 6, "\\u000a", "\\u000A", "Line 6: the stream has an escape"),
        .lines("no UTF-8", "Line 5: the stream is not UTF-8") {
            $0[4] = sealed(replacing("\"stream\":\"a", by: Array("\"stream\":\"".utf8) + [0xff], in: $0[4]))
        },
        .lines("a raw control character", "Line 5: the stream has a control character") {
            $0[4] = sealed(replacing("\"stream\":\"a", by: Array("\"stream\":\"".utf8) + [7], in: $0[4]))
        },
        .resealed(
            "a name without an end",
            line: 5,
            "\"stream\":\"a\"",
            "\"stream\":\"a\\\"",
            "Line 5: ',\"id\":\"' is missing"
        ),
        .resealed("a line of another kind", line: 5, "{\"origin\"", "{\"note\"", "Line 5: it is neither an entry nor"),
    ]

    static let order: [MalformedImport] = [
        .lines("lines that changed places", "Line 5: entry 4 of origin \(origin(1)) follows entry 2: what is between") {
            $0.swapAt(4, 5)
        },
        .lines("a doubled line", "Line 6: entry 3 of origin \(origin(1)) follows entry 3: it is doubled") {
            $0.insert($0[4], at: 5)
        },
        .lines("a missing line", "Line 5: entry 4 of origin \(origin(1)) follows entry 2: what is between") {
            $0.remove(at: 4)
        },
        .lines("a missing last entry", "Line 9: the end follows 6 entries of 7") { $0.remove(at: 8) },
        .resealed("another sequence", line: 5, "\"sequence\":3", "\"sequence\":9", "Line 5: entry 9 of origin"),
        .resealed("sequence zero", line: 3, "\"sequence\":1", "\"sequence\":0", "Line 3: entry 0 of origin"),
        .lines("an entry beyond the header's", "Line 10: entry 3 of origin \(origin(2)) lies beyond its last one") {
            lines in
            lines.insert(sealed(replacing("\"sequence\":2", by: Array("\"sequence\":3".utf8), in: lines[8])), at: 9)
        },
    ]

    static let ends: [MalformedImport] = [
        MalformedImport("cut short within a line", "Line 8: the file ends within it") {
            Array(joined(Array($0[..<8])).dropLast(40))
        },
        MalformedImport("cut short by the last line feed", "Line 10: the file ends within it") {
            Array(joined($0).dropLast())
        },
        .lines("cut short between lines", "Line 9: the file ends here, without the line that ends an export") {
            $0.removeLast()
        },
        .lines("cut short after the header", "Line 1: the file ends here") { $0.removeSubrange(1...) },
        .resealed(
            "another count at the end",
            line: 10,
            "\"entries\":7",
            "\"entries\":6",
            "Line 10: it counts 6 entries and 1"
        ),
        .resealed(
            "another count of snapshots",
            line: 10,
            "\"snapshots\":1",
            "\"snapshots\":2",
            "Line 10: it counts 7 entries and 2"
        ),
        .lines("another root hash", "Line 10: its root hash is not the header's") {
            changeDigit(after: "\"root\":\"", &$0[9])
        },
        .resealed(
            "the end of another format",
            line: 10,
            "aura-journal",
            "aura-storage",
            "Line 10: it is the end of another"
        ),
        .lines("something after the end", "Line 11: it follows the end") { $0.append(Array("more".utf8)) },
        .lines("an empty line after the end", "Line 11: it follows the end") { $0.append([]) },
        MalformedImport("bytes after the end", "Line 11: it follows the end") { joined($0) + [0] },
        MalformedImport("two exports joined", "Line 11: it follows the end") { joined($0) + joined($0) },
    ]

    static let snapshots: [MalformedImport] = [
        .lines("a missing snapshot", "Line 9: it counts 7 entries and 1 snapshots, and 7 and 0 precede it") {
            $0.remove(at: 1)
        },
        .resealed(
            "a snapshot that does not cover",
            line: 2,
            "\"sequence\":2",
            "\"sequence\":1",
            "Lines 3 to 9: The batch has compacted entries of the stream 'a' without a snapshot",
            code: .preconditionFailed
        ),
        .resealed("a snapshot's state", line: 2, "\"CQgH\"", "\"CQg\"", "Line 2: the state is not base64"),
        .resealed(
            "a snapshot without its coverage",
            line: 2,
            ",\"covers\":[",
            ",\"cover\":[",
            "Line 2: ',\"covers\":['"
        ),
    ]

    private static func origin(_ number: Int) -> String {
        OriginID(rawValue: UInt128(number)).description
    }

    /// Changes the digit that follows `text`, and makes the check fit.
    private static func changeDigit(after text: String, _ line: inout [UInt8]) {
        let text = Array(text.utf8)
        guard let start = line.indices.first(where: { line[$0...].starts(with: text) }) else { return }
        let digit = start + text.count
        line[digit] = line[digit] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        line = sealed(line)
    }
}

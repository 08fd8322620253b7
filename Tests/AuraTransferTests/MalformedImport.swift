internal import AuraEffects
internal import AuraRuntime
internal import Testing

/// A file that an import refuses, and what it says.
struct MalformedImport: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let message: String
    let code: EffectError.Code
    /// Makes the file from the lines of a good one, which have no line feeds.
    let bytes: @Sendable ([[UInt8]]) -> [UInt8]

    init(
        _ name: String,
        _ message: String,
        code: EffectError.Code = .corrupted,
        bytes: @escaping @Sendable ([[UInt8]]) -> [UInt8]
    ) {
        testDescription = name
        self.message = message
        self.code = code
        self.bytes = bytes
    }

    /// A file with other lines.
    static func lines(
        _ name: String,
        _ message: String,
        code: EffectError.Code = .corrupted,
        _ change: @escaping @Sendable (inout [[UInt8]]) -> Void
    ) -> MalformedImport {
        MalformedImport(name, message, code: code) { lines in
            var lines = lines
            change(&lines)
            return joined(lines)
        }
    }

    /// A file with another text in one line, whose check is made to fit: what a forger or a faulty program writes.
    static func resealed(
        _ name: String,
        line: Int,
        _ old: String,
        _ new: String,
        _ message: String,
        code: EffectError.Code = .corrupted
    ) -> MalformedImport {
        lines(name, message, code: code) { lines in
            lines[line - 1] = sealed(replacing(old, by: Array(new.utf8), in: lines[line - 1]))
        }
    }

    static func joined(_ lines: [[UInt8]]) -> [UInt8] {
        lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }

    static func replacing(_ old: String, by new: [UInt8], in line: [UInt8]) -> [UInt8] {
        let old = Array(old.utf8)
        guard let start = line.indices.first(where: { line[$0...].starts(with: old) }) else {
            Issue.record("'\(String(decoding: old, as: UTF8.self))' is not in the line")
            return line
        }
        return line[..<start] + new + line[(start + old.count)...]
    }

    /// The line with a check that fits.
    static func sealed(_ line: [UInt8]) -> [UInt8] {
        let contents = line.dropLast(",\"check\":\"0123456789abcdef\"}".utf8.count)
        let digits = String(contents.withUnsafeBytes { XXHash64.hash($0) }, radix: 16)
        let check = String(repeating: "0", count: 16 - digits.count) + digits
        return contents + Array(",\"check\":\"\(check)\"}".utf8)
    }
}

#if OpenSSL
internal import AuraEffects
internal import Foundation

/// A file of test vectors: a case a line, its fields separated by spaces.
struct VectorFile {
    struct Case {
        var id: Substring
        /// `valid`, `invalid`, or `acceptable` where a standard leaves the choice.
        var result: Substring
        private let fields: [Substring]

        init(_ line: Substring) {
            let parts = line.split(separator: " ")
            (id, result, fields) = (parts[0], parts[1], Array(parts.dropFirst(2)))
        }

        /// The bytes of a field; '-' stands for none.
        func bytes(_ index: Int) -> [UInt8] {
            if fields[index] == "-" { return [] }
            guard let bytes = Hexadecimal.bytes(fields[index]) else {
                fatalError("Field \(index) of case \(id) is not hexadecimal.")
            }
            return bytes
        }

        /// The number of a field.
        func number(_ index: Int) throws -> Int {
            guard let number = Int(fields[index]) else { throw CocoaError(.formatting) }
            return number
        }
    }

    let cases: [Case]

    init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let text = try String(contentsOf: folder.appending(path: "Vectors/\(name).txt"), encoding: .utf8)
        cases = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(Case.init)
    }
}
#endif

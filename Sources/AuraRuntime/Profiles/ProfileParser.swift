internal import Yams

/// Reads the text of a profile into nodes that know their places.
struct ProfileParser {
    /// A profile of more values than this is a mistake, or an attack by aliases of aliases.
    private static let nodeLimit = 10_000
    private static let depthLimit = 16

    private let file: String
    private var nodeCount = 0

    private init(file: String) {
        self.file = file
    }

    /// Reads a file's bytes.
    ///
    /// - Parameters:
    ///   - bytes: The file's contents.
    ///   - file: The file's name in messages.
    /// - Returns: The keys at the top with their values.
    /// - Throws: ``ProfileErrors`` where this is not one YAML document with a mapping at its top.
    static func parse(_ bytes: [UInt8], file: String) throws(ProfileErrors) -> [ProfileEntry] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ProfileErrors(.malformed, at: .file(file), "is not UTF-8 text; save it as UTF-8")
        }
        var parser = ProfileParser(file: file)
        guard let root = try parser.compose(text) else {
            throw ProfileErrors(.malformed, at: .file(file), "is empty; a profile begins with 'profile: NAME'")
        }
        let node = try parser.convert(root, depth: 0)
        guard let entries = node.entries else {
            throw ProfileErrors(
                .malformed,
                at: node.place,
                "a profile is a mapping of keys to values, this is \(node.kind); begin with 'profile: NAME'"
            )
        }
        return entries
    }

    private func compose(_ text: String) throws(ProfileErrors) -> Node? {
        do {
            // The basic resolver leaves every value the text that it is: handlers declare their types.
            return try Yams.compose(yaml: text, .basic)
        } catch {
            throw ProfileErrors([problem(of: error, in: text)])
        }
    }

    private func problem(of error: any Error, in text: String) -> ProfileError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            ProfileError(
                .malformed,
                at: place(mark),
                "not valid YAML: \(problem); look at quotes, brackets and indentation here and above"
            )
        case .composer(_, let problem, let mark, _):
            ProfileError(
                .malformed,
                at: place(mark),
                "\(problem.replacing("but ", with: "")); a profile is one document that defines what it refers to"
            )
        case .duplicatedKeysInMapping(let keys, let context):
            ProfileError(
                .malformed,
                at: place(context.mark),
                key: keys.joined(separator: ", "),
                "occurs twice in one mapping; keep one"
            )
        case .reader(let problem, let offset, _, _):
            ProfileError(.malformed, at: place(ofByte: offset ?? 0, in: text), "not valid YAML: \(problem); remove it")
        default:
            ProfileError(.malformed, at: .file(file), "not valid YAML")
        }
    }

    private mutating func convert(_ node: Node, depth: Int) throws(ProfileErrors) -> ProfileNode {
        let place = place(node.mark)
        nodeCount += 1
        guard nodeCount <= Self.nodeLimit, depth <= Self.depthLimit else {
            throw ProfileErrors(
                .malformed,
                at: place,
                "a profile has at most \(Self.nodeLimit) values, \(Self.depthLimit) deep; write it without aliases"
            )
        }
        switch node {
        case .scalar(let scalar):
            let isNothing = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
            return isNothing ? .nothing(place) : .text(scalar.string, place)
        case .sequence(let sequence):
            var values: [ProfileNode] = []
            for value in sequence { values.append(try convert(value, depth: depth + 1)) }
            return .list(values, place)
        case .mapping(let mapping):
            var entries: [ProfileEntry] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key, !name.string.isEmpty else {
                    throw ProfileErrors(.malformed, at: self.place(key.mark), "a key is text; write 'key: value'")
                }
                entries.append(
                    ProfileEntry(
                        key: name.string,
                        place: self.place(name.mark),
                        value: try convert(value, depth: depth + 1)
                    )
                )
            }
            return .mapping(entries, place)
        case .alias:
            // The parser puts the anchored node in the alias's place.
            return .nothing(place)
        }
    }

    private func place(_ mark: Mark?) -> SettingPlace {
        mark.map { .line(file: file, line: $0.line, column: $0.column) } ?? .file(file)
    }

    private func place(ofByte offset: Int, in text: String) -> SettingPlace {
        let before = text.utf8.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
        return .line(file: file, line: line, column: column)
    }
}

#if AWS
internal import AuraEffects
internal import AuraRuntime

/// Reads small files on a thread of its own.
actor CredentialFiles {
    private let executor: any SerialExecutor
    private static let mostBytes = 1 << 20

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: any SerialExecutor) {
        self.executor = executor
    }

    /// A file's text.
    ///
    /// - Parameter path: The file.
    /// - Returns: The text; `nil` where there is no such file.
    /// - Throws: `unauthenticated` where it cannot be read.
    func text(of path: String) throws(EffectError) -> String? {
        let bytes: [UInt8]
        do throws(Host.ReadFailure) {
            bytes = try Host.readFile(path, limit: Self.mostBytes)
        } catch {
            if error == .missing { return nil }
            throw Self.unreadable(path, "it cannot be read")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.unreadable(path, "it is not UTF-8")
        }
        return text
    }

    private static func unreadable(_ path: String, _ why: String) -> EffectError {
        EffectError(
            .unauthenticated,
            "The file \(HandlerErrors.quote(path)) of AWS credentials: \(why).",
            isRetryable: false
        )
    }
}

/// The shared files of configuration and credentials: sections of settings.
///
/// Source: AWS, "Shared config and credentials files" (AWS SDKs and Tools Reference Guide).
struct SharedProfiles: Sendable {
    private(set) var settings: [String: [String: String]] = [:]

    /// Reads both files; what the file of credentials says comes first.
    ///
    /// - Parameters:
    ///   - config: The text of `~/.aws/config`, whose sections are `[default]` and `[profile NAME]`.
    ///   - credentials: The text of `~/.aws/credentials`, whose sections are `[NAME]`.
    init(config: String, credentials: String) {
        read(config, isConfig: true)
        read(credentials, isConfig: false)
    }

    private mutating func read(_ text: String, isConfig: Bool) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            // Settings of a setting are indented; none of them matters here.
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            if first == "[" {
                section = Self.section(String(line.dropFirst().prefix { $0 != "]" }), isConfig: isConfig)
                if let section { settings[section, default: [:]] = settings[section] ?? [:] }
            } else if let section, let equals = line.firstIndex(of: "=") {
                let key = line[..<equals].lowercased().trimmingBlanks()
                settings[section]?[key] = Self.withoutComment(String(line[line.index(after: equals)...]))
                    .trimmingBlanks()
            }
        }
    }

    private static func section(_ title: String, isConfig: Bool) -> String? {
        let words = title.split(whereSeparator: { $0 == " " || $0 == "\t" })
        if !isConfig { return words.count == 1 ? String(words[0]) : nil }
        if words.count == 1, words[0] == "default" { return "default" }
        return words.count == 2 && words[0] == "profile" ? String(words[1]) : nil
    }

    private static func withoutComment(_ value: String) -> String {
        var previous: Character = " "
        for index in value.indices {
            if value[index] == "#" || value[index] == ";", previous == " " || previous == "\t" {
                return String(value[..<index])
            }
            previous = value[index]
        }
        return value
    }
}

extension String {
    func trimmingBlanks() -> String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
#endif

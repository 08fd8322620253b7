internal import AuraEffects

/// A server as a profile names it: `a.example`, `a.example:1123`, `192.0.2.1`, `[2001:db8::1]:123` or `2001:db8::1`.
struct NTPServerName: Sendable, Hashable {
    static let standardPort: UInt16 = 123

    /// The name or address.
    var host: String
    var port: UInt16

    /// Reads a name; `nil` where it is none.
    init?(_ text: String) {
        var host = Substring(text)
        var port: Substring?
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let isName = host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/@[]".utf8.contains($0) }
        guard !host.isEmpty, host.utf8.count <= 253, isName else { return nil }
        guard let number = port.map({ UInt16($0) }) ?? Self.standardPort, number > 0 else { return nil }
        self.host = String(host)
        self.port = number
    }
}

extension NTPServerName: CustomStringConvertible {
    var description: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == Self.standardPort ? host : "\(host):\(port)"
    }
}

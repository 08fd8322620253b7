#if TLSNetwork
/// Where a peer is dialled, and who has to be there.
public struct PeerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The name that the trust folder knows the peer by, or its key's fingerprint of 64 hexadecimal digits; `nil` for whoever
    /// is trusted at this host.
    public var peer: String?
    /// A host's name or numeric address.
    public var host: String
    /// The TCP port, 1 to 65535.
    public var port: Int

    /// Creates an address.
    ///
    /// - Parameters:
    ///   - peer: The peer's name or fingerprint.
    ///   - host: A host's name or numeric address.
    ///   - port: The TCP port.
    public init(peer: String? = nil, host: String, port: Int) {
        self.peer = peer
        self.host = host
        self.port = port
    }

    /// Reads `PEER@HOST:PORT` or `HOST:PORT`; an IPv6 address stands in brackets.
    ///
    /// - Parameter text: The text; `nil` comes of anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let place = parts.last, let (host, port) = Self.hostAndPort(place), port > 0 else { return nil }
        if parts.count == 2 {
            guard !parts[0].isEmpty else { return nil }
            peer = String(parts[0])
        }
        self.host = host
        self.port = port
    }

    /// `PEER@HOST:PORT` or `HOST:PORT`.
    public var description: String {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        return peer.map { "\($0)@\(place)" } ?? place
    }

    /// Whether the host is an address and not a name.
    var isNumeric: Bool {
        host.contains(":") || host.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }

    /// Splits `HOST:PORT`; port 0 is allowed.
    static func hostAndPort(_ text: some StringProtocol) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        return host.isEmpty ? nil : (String(host), port)
    }
}
#endif

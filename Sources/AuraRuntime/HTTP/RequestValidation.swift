public import AuraEffects

/// The checks that every handler of HTTP makes before it sends, with the same codes and the same words.
public struct RequestValidation: Sendable {
    /// Makes the handler's errors.
    public let errors: HandlerErrors

    /// Creates the checks of a handler.
    ///
    /// - Parameter errors: Makes the handler's errors.
    public init(errors: HandlerErrors) {
        self.errors = errors
    }

    /// Checks a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for a method that is no token (RFC 9110, section 9.1), an address whose
    ///   parts are none (RFC 3986), a field that cannot be sent, and a body with a `HEAD`.
    public func check(_ request: HTTPRequest, in operation: String) throws(EffectError) {
        guard HTTPField(request.method.rawValue, "").isValid else {
            let method = HandlerErrors.quote(request.method.rawValue)
            throw refusal(operation, "The method \(method) is none: give one such as GET.")
        }
        guard request.method != .head || request.body == nil else {
            throw refusal(operation, "A HEAD request has no body: leave it out, or send another method.")
        }
        try check(request.url, in: operation)
        for field in request.fields where !field.isValid {
            let message =
                "The field \(HandlerErrors.quote(field.name)) cannot be sent: its name is no token, or its value has a "
                + "control character."
            throw refusal(operation, message)
        }
    }

    private func check(_ url: HTTPURL, in operation: String) throws(EffectError) {
        guard url.port.map({ (1...65_535).contains($0) }) ?? true else {
            throw refusal(operation, "The address has the port \(url.port ?? 0): give 1 to 65535.")
        }
        guard Self.isHost(url.host) else {
            let host = HandlerErrors.quote(url.host)
            throw refusal(operation, "The address has the host \(host), which is none: give a name or an address.")
        }
        // The query may be a secret: it is not quoted.
        guard url.path.utf8.first == UInt8(ascii: "/"), Self.isEncoded(url.path, besides: "#?"),
            Self.isEncoded(url.query ?? "", besides: "#")
        else {
            let message =
                "The path or the query of the address for \(HandlerErrors.quote(url.host)) is not percent-encoded, or the path "
                + "does not begin with a slash."
            throw refusal(operation, message)
        }
    }

    private static func isHost(_ host: String) -> Bool {
        if host.utf8.first == UInt8(ascii: "[") {
            return host.utf8.count > 2 && host.utf8.last == UInt8(ascii: "]") && isEncoded(host, besides: "@/?#")
        }
        return !host.isEmpty && isEncoded(host, besides: "@/?#:[]%")
    }

    private static func isEncoded(_ text: String, besides excluded: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !excluded.utf8.contains($0) }
    }

    private func refusal(_ operation: String, _ message: String) -> EffectError {
        errors.error(.invalidArgument, in: operation, message)
    }
}

#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import CCurl

/// The fields of a request's head as libcurl takes them: the one owner of its list.
///
/// Safe to send: the list does not change once it is made, and is freed by its last owner.
@safe
final class FieldList: @unchecked Sendable {
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    /// Creates the list.
    ///
    /// What libcurl would add of its own is left out, and so are the fields that follow from the body.
    ///
    /// - Throws: `resourceExhausted` where there is no memory.
    init(_ fields: HTTPFields) throws(EffectError) {
        for field in fields where !Self.derived.contains(field.name.lowercased()) {
            // An empty value is spelt with a semicolon: with a colon libcurl would leave the field out.
            try append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // With it libcurl would send a request twice of its own.
        try append("Expect:")
        for name in Self.added where fields[name] == nil { try append("\(name):") }
    }

    deinit {
        unsafe curl_slist_free_all(list)
    }

    private func append(_ line: String) throws(EffectError) {
        guard let longer = unsafe curl_slist_append(list, line) else {
            let message = "There is no memory for the request's fields."
            throw CurlHTTPHandler.errors.error(.resourceExhausted, in: "send", message)
        }
        unsafe list = longer
    }

    private static let derived: Set<String> = ["content-length", "transfer-encoding", "expect"]
    private static let added = ["Accept", "Content-Type"]
}
#endif

#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import CCurl

/// The libcurl that is linked.
enum CurlLibrary {
    /// 7.87: from here on a look-up of a name that hangs holds nobody up, and a closed connection raises no signal.
    private static let least: UInt32 = 0x07_57_00

    /// Refuses a library that cannot do what is asked of it.
    ///
    /// - Parameter version: The newest version of HTTP that is spoken.
    /// - Throws: `unsupported`.
    static func check(for version: CurlConfiguration.Version) throws(EffectError) {
        guard let info = unsafe aura_curl_library() else { return }
        let found = unsafe String(cString: info.pointee.version)
        guard unsafe info.pointee.version_num >= least else {
            throw refusal("The libcurl that is linked is \(found): install 7.87 or newer.")
        }
        let hasHTTP2 = unsafe info.pointee.features & CURL_VERSION_HTTP2 != 0
        guard version == .http1 || hasHTTP2 else {
            throw refusal("The libcurl that is linked has no HTTP/2: install one that has, or set 'version' to 1.1.")
        }
    }

    private static func refusal(_ message: String) -> EffectError {
        CurlHTTPHandler.errors.error(.unsupported, in: "open", message)
    }
}
#endif

#if OpenSSL
internal import COpenSSL

/// OpenSSL's queue of errors, which belongs to a thread: cleared before a call, drained after one that failed.
package enum OpenSSLError {
    /// Forgets what earlier calls left, so that ``drain()`` tells of the next alone.
    package static func clear() {
        ERR_clear_error()
    }

    /// The reasons of the thread's errors, the first one first; empties the queue.
    ///
    /// - Returns: Such as `["certificate verify failed"]`. OpenSSL's reasons name no secret.
    package static func drain() -> [String] {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return reasons }
            if let reason = unsafe ERR_reason_error_string(code) {
                reasons.append(unsafe String(cString: reason))
            } else {
                reasons.append("error \(String(code, radix: 16))")
            }
        }
    }
}
#endif

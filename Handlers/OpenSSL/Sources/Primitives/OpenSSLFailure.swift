#if OpenSSL
internal import OpenSSLSupport

/// Why a primitive did not do its work.
enum OpenSSLFailure: Error {
    /// What was to be opened is not what was sealed, or not under this key.
    case notAuthentic
    /// Bytes that are no key of the algorithm.
    case invalidKey
    /// OpenSSL's own reasons; they name no secret.
    case failed([String])

    /// Makes a call that returns 1 where it succeeds.
    ///
    /// - Throws: ``failed(_:)`` with the thread's errors.
    static func check(_ call: () -> Int32) throws(OpenSSLFailure) {
        OpenSSLError.clear()
        guard call() == 1 else { throw .failed(OpenSSLError.drain()) }
    }

    /// Makes a call that returns an object where it succeeds.
    ///
    /// - Throws: ``failed(_:)`` with the thread's errors.
    static func make<Object>(_ call: () -> Object?) throws(OpenSSLFailure) -> Object {
        OpenSSLError.clear()
        guard let object = call() else { throw .failed(OpenSSLError.drain()) }
        return object
    }
}
#endif

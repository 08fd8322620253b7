#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import CCurl

/// A transfer that libcurl ended with an error (https://curl.se/libcurl/c/libcurl-errors.html).
///
/// The library's own text may quote what belongs in no log; it stays the cause of an error.
struct CurlFailure: Error, CustomStringConvertible {
    let code: CURLcode
    let text: String
    /// The status of the proxy's answer to `CONNECT`; 0 where there was none.
    var proxyStatus = 0

    var description: String { "libcurl \(code.rawValue): \(text)" }

    /// This failure as an effect's error.
    ///
    /// - Parameters:
    ///   - place: The method and the address without its query.
    ///   - outcome: Whether a byte may have been sent.
    /// - Returns: The error, with this failure as its cause.
    func effectError(at place: String, _ outcome: EffectError.Outcome) -> EffectError {
        let (code, advice, isRetryable) = meaning
        return CurlHTTPHandler.errors.error(
            code,
            in: "send",
            "\(place): \(advice)",
            cause: self,
            isRetryable: isRetryable,
            outcome: outcome
        )
    }

    private var meaning: (EffectError.Code, String, Bool?) {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT:
            (.invalidArgument, "the address or a field cannot be sent as it is.", nil)
        case CURLE_COULDNT_RESOLVE_HOST:
            (.unavailable, "the host's name is not known; check it and the name server.", nil)
        case CURLE_COULDNT_RESOLVE_PROXY:
            (.unavailable, "the proxy's name is not known; check the setting 'proxy'.", nil)
        case CURLE_RECV_ERROR where proxyStatus == 407, CURLE_COULDNT_CONNECT where proxyStatus == 407:
            (.unauthenticated, "the proxy does not take the credentials of 'proxyCredentials'.", false)
        case CURLE_COULDNT_CONNECT:
            (.unavailable, "no server answers there; check host and port and that the server runs.", nil)
        case CURLE_OPERATION_TIMEDOUT:
            (.deadlineExceeded, "no connection came about in time; check the network, or raise 'connectTimeout'.", nil)
        case CURLE_SSL_CONNECT_ERROR, CURLE_USE_SSL_FAILED, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM:
            (.unavailable, "no TLS connection came about: \(text)", false)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            (.unauthenticated, "the server does not prove who it is: \(text)", false)
        case CURLE_SSL_CACERT_BADFILE:
            (.invalidArgument, "the file of the setting 'authorities' holds no certificates in PEM.", nil)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_SEND_FAIL_REWIND, CURLE_ABORTED_BY_CALLBACK, CURLE_UPLOAD_FAILED, CURLE_READ_ERROR:
            (.unavailable, "the connection broke off before the answer was complete.", true)
        case CURLE_RECV_ERROR where proxyStatus >= 300:
            (.unavailable, "the proxy does not connect to the server: it answers \(proxyStatus).", true)
        case CURLE_RECV_ERROR:
            (.unavailable, "the connection broke off before the answer was complete.", true)
        case CURLE_PROXY:
            (.unavailable, "the proxy cannot be used; check the setting 'proxy'.", nil)
        // An answer without a status line is taken for HTTP/0.9, which is not spoken.
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            (.unavailable, "the server does not answer with HTTP.", false)
        case CURLE_BAD_CONTENT_ENCODING:
            (
                .corrupted,
                "the answer's compression is damaged or unknown; ask for the bytes as they are with 'Accept-Encoding'.",
                nil
            )
        case CURLE_OUT_OF_MEMORY:
            (.resourceExhausted, "there is no memory for the exchange.", nil)
        default:
            (.internal, "libcurl ended the exchange with its error \(code.rawValue).", nil)
        }
    }
}
#endif

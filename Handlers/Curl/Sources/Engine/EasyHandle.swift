#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import CCurl

/// The one owner of a handle of libcurl's easy interface; on libcurl's thread alone.
@safe
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private let receiveBuffer: Int

    /// Creates a handle with what holds for every request.
    ///
    /// - Returns: `nil` where there is no memory.
    init?(_ configuration: CurlConfiguration, _ counter: ConnectionCounter) {
        guard let pointer = unsafe curl_easy_init() else { return nil }
        unsafe self.pointer = pointer
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText[0] = 0
        receiveBuffer = configuration.receiveBuffer.bytes
        unsafe _ = aura_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Requests wait for a connection that is being made: it may carry all of them.
        set(CURLOPT_PIPEWAIT, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: configuration.connectTimeout.nanoseconds / 1_000_000))
        set(CURLOPT_UPLOAD_BUFFERSIZE, configuration.receiveBuffer.bytes)
        set(CURLOPT_HTTP_VERSION, configuration.version == .http1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS)
        set(CURLOPT_SSLVERSION, configuration.leastTLS == .tls1_2 ? CURL_SSLVERSION_TLSv1_2 : CURL_SSLVERSION_TLSv1_3)
        if let file = configuration.authorities { set(CURLOPT_CAINFO, file) }
        set(configuration.proxy)
        counter.watch(self)
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe errorText.deallocate()
    }

    private func set(_ proxy: CurlConfiguration.Proxy?) {
        // Without one libcurl would look at the environment.
        set(CURLOPT_PROXY, proxy?.address.text ?? "")
        guard let proxy else { return }
        set(CURLOPT_NOPROXY, proxy.exceptions.joined(separator: ","))
        set(CURLOPT_HTTPPROXYTUNNEL, 0)
        if let credentials = proxy.credentials {
            credentials.withExposedValue { text in
                let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                set(CURLOPT_PROXYUSERNAME, String(parts[0]))
                set(CURLOPT_PROXYPASSWORD, parts.count > 1 ? String(parts[1]) : "")
            }
        }
    }

    /// Sets what belongs to one request.
    ///
    /// The handle keeps pointers into the exchange, which has to live until the request is over.
    func prepare(_ exchange: Exchange) {
        unsafe errorText[0] = 0
        set(CURLOPT_URL, exchange.url)
        // Undoes the last request's body, and the head without a body.
        set(CURLOPT_HTTPGET, 1)
        if exchange.isBodiless {
            set(CURLOPT_NOBODY, 1)
        } else if let upload = exchange.upload {
            set(CURLOPT_UPLOAD, 1)
            unsafe _ = aura_curl_set_offset(pointer, CURLOPT_INFILESIZE_LARGE, curl_off_t(upload.byteCount ?? -1))
        }
        set(CURLOPT_CUSTOMREQUEST, exchange.method.rawValue)
        unsafe _ = aura_curl_set_list(pointer, CURLOPT_HTTPHEADER, exchange.fields.list)
        if exchange.decodes {
            set(CURLOPT_ACCEPT_ENCODING, "gzip")
            // What libcurl unpacks of one buffer it keeps while the consumer is slow: a small one bounds it.
            set(CURLOPT_BUFFERSIZE, CurlConfiguration.leastReceiveBuffer.bytes)
        } else {
            unsafe _ = aura_curl_set_text(pointer, CURLOPT_ACCEPT_ENCODING, nil)
            set(CURLOPT_BUFFERSIZE, receiveBuffer)
        }
    }

    /// Lets go of what belonged to the last request.
    func reset() {
        unsafe _ = aura_curl_set_list(pointer, CURLOPT_HTTPHEADER, nil)
    }

    private func set(_ option: CURLoption, _ value: Int) {
        unsafe _ = aura_curl_set_long(pointer, option, value)
    }

    private func set(_ option: CURLoption, _ value: String) {
        unsafe _ = aura_curl_set_text(pointer, option, value)
    }

    /// What libcurl says about the last failure.
    func failure(_ code: CURLcode) -> CurlFailure {
        let text = unsafe String(cString: errorText[0] == 0 ? curl_easy_strerror(code) : UnsafePointer(errorText))
        return CurlFailure(code: code, text: text, proxyStatus: number(CURLINFO_HTTP_CONNECTCODE))
    }

    /// Whether the last request had to open a connection.
    var openedConnection: Bool { number(CURLINFO_NUM_CONNECTS) > 0 }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        unsafe _ = aura_curl_get_long(pointer, info, &value)
        return value
    }
}
#endif

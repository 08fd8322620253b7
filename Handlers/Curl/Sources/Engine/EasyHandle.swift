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
    private let version: CurlConfiguration.Version
    /// What libcurl said of the first option that it refused.
    private(set) var problem = CURLE_OK

    /// Creates a handle with what holds for every request.
    ///
    /// - Returns: `nil` where there is no memory, or libcurl refuses an option.
    init?(_ configuration: CurlConfiguration, _ counter: ConnectionCounter) {
        guard let pointer = unsafe curl_easy_init() else { return nil }
        unsafe self.pointer = pointer
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText[0] = 0
        receiveBuffer = configuration.receiveBuffer.bytes
        version = configuration.version
        unsafe _ = aura_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // A request that ends while its host's name is looked up does not wait for that.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: configuration.connectTimeout.nanoseconds / 1_000_000))
        set(CURLOPT_UPLOAD_BUFFERSIZE, configuration.receiveBuffer.bytes)
        let leastTLS = configuration.leastTLS == .tls1_2 ? CURL_SSLVERSION_TLSv1_2 : CURL_SSLVERSION_TLSv1_3
        set(CURLOPT_SSLVERSION, leastTLS)
        set(CURLOPT_PROXY_SSLVERSION, leastTLS)
        if let file = configuration.authorities { trustOnly(file) }
        set(configuration.proxy)
        counter.watch(self)
        if problem != CURLE_OK { return nil }
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe errorText.deallocate()
    }

    /// Trusts the authorities of a file, and not those of the machine's folder.
    private func trustOnly(_ file: String) {
        set(CURLOPT_CAINFO, file)
        set(CURLOPT_PROXY_CAINFO, file)
        clear(CURLOPT_CAPATH)
        clear(CURLOPT_PROXY_CAPATH)
    }

    private func set(_ proxy: CurlConfiguration.Proxy?) {
        // Without one libcurl would look at the environment; without a port it would take 1080.
        set(CURLOPT_PROXY, proxy?.text ?? "")
        guard let proxy else { return }
        set(CURLOPT_NOPROXY, proxy.exceptions.joined(separator: ","))
        set(CURLOPT_HTTPPROXYTUNNEL, 0)
        if let credentials = proxy.credentials {
            credentials.withExposedValue { text in
                let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                // libcurl decodes them.
                set(CURLOPT_PROXYUSERNAME, PercentEncoding.encode(String(parts[0])))
                set(CURLOPT_PROXYPASSWORD, PercentEncoding.encode(parts.count > 1 ? String(parts[1]) : ""))
            }
        }
    }

    /// Sets what belongs to one request.
    ///
    /// The handle keeps pointers into the exchange, which has to live until the request is over.
    ///
    /// - Parameter exchange: The request.
    /// - Returns: Whether libcurl takes it.
    func prepare(_ exchange: Exchange) -> Bool {
        problem = CURLE_OK
        unsafe errorText[0] = 0
        set(CURLOPT_URL, exchange.url)
        // Without TLS nobody says beforehand that HTTP/2 is spoken, and requests would wait for the first answer to know.
        let multiplexes = exchange.isEncrypted && version == .http2
        set(CURLOPT_HTTP_VERSION, multiplexes ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
        // Requests wait for a connection that is being made: it may carry all of them.
        set(CURLOPT_PIPEWAIT, multiplexes ? 1 : 0)
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
            setReceiveBuffer(CurlConfiguration.leastReceiveBuffer.bytes)
        } else {
            clear(CURLOPT_ACCEPT_ENCODING)
            setReceiveBuffer(receiveBuffer)
        }
        return problem == CURLE_OK
    }

    /// Lets go of what belonged to the last request.
    func reset() {
        unsafe _ = aura_curl_set_list(pointer, CURLOPT_HTTPHEADER, nil)
    }

    /// A wish: a handle that still has its buffer keeps it.
    private func setReceiveBuffer(_ size: Int) {
        unsafe _ = aura_curl_set_long(pointer, CURLOPT_BUFFERSIZE, size)
    }

    private func set(_ option: CURLoption, _ value: Int) {
        note(unsafe aura_curl_set_long(pointer, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) {
        note(unsafe aura_curl_set_text(pointer, option, value))
    }

    private func clear(_ option: CURLoption) {
        note(unsafe aura_curl_set_text(pointer, option, nil))
    }

    private func note(_ code: CURLcode) {
        if problem == CURLE_OK { problem = code }
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

#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import CCurl

/// A request that libcurl carries out, and what its callbacks work on; on libcurl's thread alone.
///
/// It is used again for other requests, one after the other.
final class Transfer {
    let handle: EasyHandle
    private(set) var exchange: Exchange?
    private var head: ResponseHead
    private let fieldLimit: Int
    /// Whether the head is complete and its caller was not told.
    private var hasNewHead = false
    /// Why the callbacks ended the transfer.
    private(set) var failure: EffectError?
    /// How often libcurl began to send the request.
    private var attempts = 0
    private var isReceivingPaused = false
    private var isSendingPaused = false
    /// Since when the server has neither taken nor sent a byte.
    private var silence: MonotonicInstant?
    /// Whether something came or went since the last look.
    private var isActive = true
    /// Whether the caller has to be told something.
    private(set) var hasNews = false

    init(_ handle: EasyHandle, _ configuration: CurlConfiguration) {
        self.handle = handle
        fieldLimit = configuration.responseFields.bytes
        head = ResponseHead(atMost: fieldLimit)
        installCallbacks()
    }

    /// Takes on a request.
    ///
    /// - Parameter exchange: The request.
    /// - Returns: Whether libcurl takes it.
    func begin(_ exchange: Exchange) -> Bool {
        self.exchange = exchange
        head = ResponseHead(atMost: fieldLimit)
        hasNewHead = false
        failure = nil
        attempts = 0
        isReceivingPaused = false
        isSendingPaused = false
        silence = nil
        isActive = true
        hasNews = false
        return handle.prepare(exchange)
    }

    /// Gives the request back.
    func end() {
        handle.reset()
        exchange = nil
    }

    // MARK: What libcurl calls

    /// libcurl has a connection and sends the request now.
    ///
    /// - Returns: Whether it may.
    func willSend() -> Bool {
        guard let exchange else { return false }
        attempts += 1
        isActive = true
        // libcurl sends a request again where a connection that was used before ends without an answer.
        guard attempts == 1 || exchange.isRepeatable else { return false }
        return exchange.begin()
    }

    /// A line of the head.
    func take(line: UnsafeRawBufferPointer) -> Bool {
        isActive = true
        do throws(ResponseHead.Failure) {
            let wasComplete = head.isComplete
            unsafe try head.take(line)
            if head.isComplete, !wasComplete { tookHead() }
            return true
        } catch {
            failure = refusal(of: error)
            return false
        }
    }

    private func tookHead() {
        hasNewHead = true
        hasNews = true
        // libcurl stops sending where a server refuses a request before it has all of it.
        guard head.status >= 300, let upload = exchange?.upload, !upload.isTaken else { return }
        exchange?.endUpload()
    }

    /// Bytes of the body.
    ///
    /// - Returns: `false` where there is no room for them yet.
    func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        isActive = true
        guard let exchange, unsafe exchange.body.append(bytes) else {
            isReceivingPaused = true
            return false
        }
        hasNews = true
        return true
    }

    /// Brings bytes of the request's body.
    func bring(into target: UnsafeMutableRawBufferPointer) -> RequestUpload.Taken {
        isActive = true
        guard let upload = exchange?.upload else { return .end }
        let taken = unsafe upload.take(into: target)
        switch taken {
        case .nothingYet: isSendingPaused = true
        case .failed: failure = failure ?? upload.failure
        case .bytes, .end: break
        }
        return taken
    }

    func rewind() -> Bool { exchange?.upload?.rewind() ?? true }

    private func refusal(of problem: ResponseHead.Failure) -> EffectError {
        let place = exchange?.place ?? ""
        switch problem {
        case .tooLarge:
            return CurlHTTPHandler.errors.error(
                .resourceExhausted,
                in: "send",
                "\(place): the fields of the answer have more than \(fieldLimit) bytes: raise 'responseFields'.",
                isRetryable: false
            )
        case .malformed:
            return CurlHTTPHandler.errors.error(
                .unavailable,
                in: "send",
                "\(place): the server does not answer with HTTP.",
                isRetryable: false
            )
        }
    }

    // MARK: What the engine calls

    /// Goes on with what waited for the caller, where the caller has done something.
    ///
    /// - Returns: `false` where libcurl cannot: it has lost what it kept, so the transfer must end.
    func proceed() -> Bool {
        guard let exchange else { return true }
        let receives = isReceivingPaused && exchange.body.isReady
        let sends = isSendingPaused && exchange.upload?.hasNews ?? true
        guard receives || sends else { return true }
        if receives { isReceivingPaused = false }
        if sends { isSendingPaused = false }
        isActive = true
        // It may call back at once and pause again.
        let mask = (isReceivingPaused ? CURLPAUSE_RECV : 0) | (isSendingPaused ? CURLPAUSE_SEND : 0)
        let code = unsafe curl_easy_pause(handle.pointer, mask)
        // Between two connections there is nothing to go on with.
        guard code != CURLE_OK, code != CURLE_BAD_FUNCTION_ARGUMENT else { return true }
        failure = failure ?? handle.failure(code).effectError(at: exchange.place, exchange.outcome)
        return false
    }

    /// Tells the caller what has come.
    ///
    /// - Returns: `false` where the transfer must end, as ``proceed()`` says.
    @discardableResult
    func tell() -> Bool {
        hasNews = false
        if hasNewHead {
            hasNewHead = false
            exchange?.head.resolve(.success(head))
        }
        exchange?.body.wake()
        // libcurl does not end while sending is paused, also where it has stopped sending.
        return isSendingPaused ? proceed() : true
    }

    /// Tells the caller that libcurl is done.
    func finish(_ code: CURLcode) {
        guard let exchange else { return }
        if let failure = failure ?? failure(of: code, exchange) {
            var error = failure
            if exchange.outcome == .unknown { error.outcome = .unknown }
            // A head without its body is delivered: the body throws.
            if hasNewHead { tell() }
            exchange.finish(.failure(error))
        } else {
            exchange.body.finish(.success(()))
            tell()
            exchange.finish(.success(()))
        }
    }

    private func failure(of code: CURLcode, _ exchange: Exchange) -> EffectError? {
        if code == CURLE_OK, head.isComplete { return nil }
        return handle.failure(code == CURLE_OK ? CURLE_GOT_NOTHING : code)
            .effectError(at: exchange.place, exchange.outcome)
    }

    /// Whether a connection carries the request.
    var hasConnection: Bool { attempts > 0 }

    /// How long the server has been silent while it is its turn, or no connection was there for the request.
    func silence(at now: MonotonicInstant) -> Duration {
        guard !isActive, !isReceivingPaused, !isSendingPaused, let silence else {
            isActive = false
            silence = now
            return .zero
        }
        return silence.duration(to: now)
    }
}
#endif

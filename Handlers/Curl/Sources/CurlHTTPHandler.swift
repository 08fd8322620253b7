#if Curl
public import AuraEffects
public import AuraRuntime
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Requests over libcurl's multi interface (https://curl.se/libcurl/c/libcurl-multi.html).
///
/// All requests share the connections: over HTTP/1.1 they are used one after the other, over HTTP/2 at the same time. One
/// thread drives them. An answer whose content is compressed with gzip is unpacked, except where the request says of its own
/// what encodings it accepts, or asks for a range.
public final class CurlHTTPHandler: HTTPEffects {
    /// The name in profiles.
    public static let technology = "curl"

    /// What a handler with these settings declares.
    ///
    /// - Parameters:
    ///   - version: The newest version of HTTP that is spoken.
    ///   - responseFields: The most bytes that the fields of an answer have together.
    /// - Returns: The declaration.
    public static func capabilities(
        of version: CurlConfiguration.Version,
        responseFields: ByteCount
    ) -> Capabilities {
        Capabilities(version == .http2 ? [.multiplexing] : [], limits: [.responseFieldBytes: responseFields.bytes])
    }

    /// Multiplexing where HTTP/2 is spoken, and the limit of an answer's fields.
    public let capabilities: Capabilities

    static let errors = HandlerErrors(HTTPEffect.self, handler: technology)

    private let configuration: CurlConfiguration
    private let validation = RequestValidation(errors: errors)
    private let mailbox: EngineMailbox
    private let runner = TaskOwner()

    /// Creates a handler; it connects to nobody yet.
    ///
    /// - Parameters:
    ///   - configuration: What it speaks and whom it trusts.
    ///   - context: The budget and the effects that it uses.
    /// - Throws: ``EffectError`` with `invalidArgument` for a configuration that cannot be kept, `notFound` for a file of
    ///   authorities that is not there, `unsupported` for a libcurl that is too old or without HTTP/2 where that is asked for.
    public init(_ configuration: CurlConfiguration, _ context: HandlerContext) throws(EffectError) {
        try configuration.check()
        if let file = configuration.authorities, unsafe access(file, R_OK) != 0 {
            throw Self.errors.error(
                .notFound,
                in: "open",
                "The file \(HandlerErrors.quote(file)) of the setting 'authorities' cannot be read: check its path and rights."
            )
        }
        try CurlLibrary.check(for: configuration.version)
        self.configuration = configuration
        capabilities = Self.capabilities(of: configuration.version, responseFields: configuration.responseFields)
        let engine = try CurlEngine(configuration, context)
        mailbox = engine.mailbox
        runner.start { await engine.run() }
    }

    deinit {
        mailbox.post(.stop)
    }

    /// Sends a request and waits for the head of the answer.
    public func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        try validation.check(request, in: "send")
        try Self.errors.checkCancellation(in: "send")
        let upload = try await upload(of: request)
        let exchange = try Exchange(request, upload, bodyBuffer: configuration.bodyBuffer)
        guard mailbox.post(.begin(exchange)) else { throw Self.errors.stopped(in: "send") }
        if let upload, let body = request.body, !upload.isWhole {
            exchange.feed { [mailbox] in await upload.feed(body, of: exchange, mailbox) }
        }
        let result = await exchange.head.value(orWhenCancelled: .failure(Self.errors.cancelled(in: "send")))
        switch result {
        case .success(let head): return answer(head, of: exchange)
        case .failure(var error):
            guard error.code == .cancelled else { throw error }
            mailbox.post(.abandon(exchange))
            // What was sent may have been answered in this very moment.
            if exchange.abandon() { error = Self.cancelledLate }
            throw error
        }
    }

    private static let cancelledLate = errors.error(
        .cancelled,
        in: "send",
        "The task was cancelled before the answer had come.",
        outcome: .unknown
    )

    /// Ends what is under way with `unavailable`, and closes the connections.
    public func close() async {
        mailbox.post(.stop)
        await runner.wait()
    }

    /// The body to send; one that is known to be small is taken whole, before there is a connection.
    private func upload(of request: HTTPRequest) async throws(EffectError) -> RequestUpload? {
        guard let body = request.body else {
            // A server wants to hear that there is no body where it expects one (RFC 9110, section 8.6).
            let expectsBody = request.method == .post || request.method == .put || request.method == .patch
            return expectsBody ? RequestUpload([]) : nil
        }
        let most = configuration.bodyBuffer.bytes
        guard let count = body.byteCount, count <= most else {
            return RequestUpload(byteCount: body.byteCount, capacity: most)
        }
        var bytes: [UInt8] = []
        for try await chunk in body {
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            guard bytes.count <= count else { break }
        }
        guard bytes.count == count else { throw RequestUpload.wrongLength(of: count) }
        return RequestUpload(bytes)
    }

    /// The length that a head announces; it says nothing beside a transfer coding (RFC 9112, section 6.3).
    private static func length(of fields: HTTPFields) -> Int? {
        guard fields["transfer-encoding"] == nil, let text = fields["content-length"],
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }

    private func answer(_ head: ResponseHead, of exchange: Exchange) -> HTTPResponse {
        var fields = HTTPFields(head.fields)
        let isDecoded = exchange.decodes && !exchange.isBodiless && fields["content-encoding"] != nil
        if isDecoded {
            fields.remove("content-encoding")
            fields.remove("content-length")
        }
        let source = ResponseBodySource(exchange, mailbox)
        let hasNoBody = exchange.isBodiless || head.status == 204 || head.status == 304
        return HTTPResponse(
            status: head.status,
            version: head.version,
            fields: fields,
            body: ByteStream(byteCount: hasNoBody ? 0 : Self.length(of: fields)) {
                _ throws(EffectError) in try await source.next()
            }
        )
    }
}

/// Fetches the body of an answer; the connection is given up where the last user of the body goes before its end.
private final class ResponseBodySource: Sendable {
    private let exchange: Exchange
    private let mailbox: EngineMailbox

    init(_ exchange: Exchange, _ mailbox: EngineMailbox) {
        self.exchange = exchange
        self.mailbox = mailbox
    }

    deinit {
        giveUp()
    }

    func next() async throws(EffectError) -> [UInt8]? {
        do throws(EffectError) {
            return try await exchange.body.next { mailbox.post(.proceed(exchange)) }
        } catch {
            if error.code == .cancelled { giveUp() }
            throw error
        }
    }

    private func giveUp() {
        if !exchange.body.isFinished { mailbox.post(.abandon(exchange)) }
    }
}

extension RequestUpload {
    /// Brings a body to libcurl, until it ends or nobody wants more of it.
    fileprivate func feed(_ body: ByteStream, of exchange: Exchange, _ mailbox: EngineMailbox) async {
        let news = { @Sendable () -> Void in mailbox.post(.proceed(exchange)) }
        do throws(EffectError) {
            for try await chunk in body {
                guard try await put(chunk, news: news) else { return }
            }
            try complete(news: news)
        } catch {
            fail(error, news: news)
        }
    }
}
#endif

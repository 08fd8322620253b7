public import AuraEffects
internal import Synchronization

/// An HTTP handler that records every exchange of another one in a file, for ``ReplayingHTTPHandler``.
///
/// A line of JSON holds an exchange: the method, the address without the parameters that sign it, the checksum of the request's
/// body, and the answer or the error. Fields that are secret are left out. Bodies are kept as they are: what is secret in them
/// is to be named in ``HTTPRecordingOptions/hidden``.
public final class RecordingHTTPHandler: HTTPEffects, InterceptedHandler {
    /// The handler that sends.
    public let base: any HTTPEffects

    private let options: HTTPRecordingOptions
    private let writer: ExchangeWriter

    /// Begins a recording.
    ///
    /// - Parameters:
    ///   - base: The handler that sends.
    ///   - path: The file, which must not be there yet.
    ///   - options: What is left out.
    ///   - executors: Where the file is written.
    /// - Throws: ``RecordingFailure`` where the file cannot be made.
    public init(
        _ base: any HTTPEffects,
        to path: String,
        options: HTTPRecordingOptions = HTTPRecordingOptions(),
        executors: HandlerExecutorFactory = .threads
    ) async throws(RecordingFailure) {
        self.base = base
        self.options = options
        writer = ExchangeWriter(path, executors.makeExecutor(label: "http.recording"))
        try await writer.begin()
    }

    /// What the handler can do.
    public var capabilities: Capabilities { base.capabilities }

    /// Sends a request, and records what comes of it.
    public func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        let body = CheckedBody()
        var sent = request
        sent.body = request.body.map { body.checking($0) }
        let empty = request.body == nil ? try await CheckedBody.digest(of: nil) : nil
        let (method, address) = (request.method.rawValue, options.address(of: request.url))
        @Sendable func key() -> RecordedExchange.Key {
            RecordedExchange.Key(method: method, address: address, body: empty ?? body.digest)
        }
        let response: HTTPResponse
        do throws(EffectError) {
            response = try await base.send(sent)
        } catch {
            var shown = error
            shown.message = options.hiding(error.message)
            writer.add(RecordedExchange(key: key(), end: .failure(shown)))
            await writer.write()
            throw error
        }
        return recorded(response, key(), withBody: !options.omitsBody(of: request.url))
    }

    private func recorded(
        _ response: HTTPResponse,
        _ key: RecordedExchange.Key,
        withBody: Bool
    ) -> HTTPResponse {
        let (status, version, fields) = (response.status, response.version, options.fields(response.fields))
        let keeper = KeptBody(atMost: options.body.bytes) { [options, writer] bytes, isWhole in
            let answer = RecordedExchange.Answer(
                status: status,
                version: version,
                fields: fields,
                body: withBody ? options.hiding(bytes) : [],
                isWhole: isWhole && withBody
            )
            writer.add(RecordedExchange(key: key, end: .answer(answer)))
        }
        var recorded = response
        recorded.body = KeptBody.keeping(response.body, in: keeper) { [writer] in await writer.write() }
        return recorded
    }

    /// Ends the recording: writes what is to be written.
    ///
    /// - Throws: ``RecordingFailure`` where the file could not be written.
    public func close() async throws(RecordingFailure) {
        try await writer.close()
    }
}

/// Writes the lines of a recording on a thread of its own.
private actor ExchangeWriter {
    private let path: String
    private let executor: any SerialExecutor
    private var file: OutputFile?
    private var failure: RecordingFailure?
    private nonisolated let waiting = Mutex<[RecordedExchange]>([])

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ path: String, _ executor: any SerialExecutor) {
        self.path = path
        self.executor = executor
    }

    func begin() throws(RecordingFailure) {
        do throws(OutputFile.Failure) {
            let file = try OutputFile(path, replaces: false)
            try file.append(Array((RecordedExchange.header.line + "\n").utf8))
            self.file = file
        } catch {
            let reason = error == .exists ? "there is one already; remove it, or name another" : "\(error)"
            throw RecordingFailure(.notWritable, "The recording '\(path)' cannot be made: \(reason).")
        }
    }

    /// Takes an exchange, to be written with the next ones or at the end.
    nonisolated func add(_ exchange: RecordedExchange) {
        waiting.withLock { $0.append(exchange) }
    }

    func write() {
        let exchanges = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard let file, failure == nil else { return }
        do throws(OutputFile.Failure) {
            for exchange in exchanges { try file.append(Array((exchange.line.line + "\n").utf8)) }
        } catch {
            failure = RecordingFailure(.notWritable, "The recording '\(path)' cannot be written: \(error).")
        }
    }

    func close() throws(RecordingFailure) {
        write()
        file = nil
        if let failure { throw failure }
    }
}

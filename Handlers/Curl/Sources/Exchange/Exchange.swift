#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A request and its answer: what the caller and libcurl's thread share.
final class Exchange: Sendable {
    /// How far it is.
    private enum Phase {
        /// Nothing was sent.
        case waiting
        /// A byte of the request may have been sent.
        case begun
        /// The caller has gone.
        case abandoned
    }

    let method: HTTPMethod
    /// The whole address; a secret where it is signed.
    let url: String
    let isEncrypted: Bool
    /// What errors name: the method and the address without its query.
    let place: String
    let fields: FieldList
    let upload: RequestUpload?
    /// Whether libcurl asks for compressed content and undoes the compression.
    let decodes: Bool
    /// Whether libcurl may send the request again of its own, where a connection that was used before ends without an answer.
    let isRepeatable: Bool
    /// Whether the answer has no body whatever its fields say.
    var isBodiless: Bool { method == .head }

    let head = OneShot<Result<ResponseHead, EffectError>>()
    let body: ResponseBuffer
    private let phase = Mutex(Phase.waiting)
    private let feeder = Mutex<Task<Void, Never>?>(nil)

    init(_ request: HTTPRequest, _ upload: RequestUpload?, bodyBuffer: ByteCount) throws(EffectError) {
        method = request.method
        url = request.url.text
        isEncrypted = request.url.scheme == .https
        place = request.description
        decodes = request.fields["accept-encoding"] == nil && request.fields["range"] == nil
        fields = try FieldList(request.fields)
        self.upload = upload
        // A body is not had twice from here: whoever sends the request may send it again.
        isRepeatable = request.body == nil && [.get, .head, .options].contains(request.method)
        body = ResponseBuffer(capacity: bodyBuffer.bytes)
    }

    /// Says that bytes are sent from now on.
    ///
    /// - Returns: `false` where the caller has gone: then nothing must be sent.
    func begin() -> Bool {
        phase.withLock { phase in
            guard case .abandoned = phase else {
                phase = .begun
                return true
            }
            return false
        }
    }

    /// Says that the caller has gone.
    ///
    /// - Returns: Whether a byte may have been sent.
    func abandon() -> Bool {
        phase.withLock { phase in
            defer { phase = .abandoned }
            guard case .waiting = phase else { return true }
            return false
        }
    }

    /// Whether something may have come of the request.
    var outcome: EffectError.Outcome {
        phase.withLock { phase in
            guard case .waiting = phase else { return .unknown }
            return .notApplied
        }
    }

    /// Starts the task that brings the rest of the body; it ends with the exchange.
    func feed(_ bring: @escaping @Sendable () async -> Void) {
        let task = Task { await bring() }
        feeder.withLock { $0 = task }
        // It may have ended before.
        if upload?.isClosed ?? true { task.cancel() }
    }

    /// Ends the bringing of the body.
    func endUpload() {
        guard let upload else { return }
        upload.close()
        feeder.withLock { $0 }?.cancel()
    }

    /// Ends the exchange with an error, or with the whole answer.
    func finish(_ result: Result<Void, EffectError>) {
        endUpload()
        body.finish(result)
        if case .failure(let error) = result { head.resolve(.failure(error)) }
        body.wake()
    }
}
#endif

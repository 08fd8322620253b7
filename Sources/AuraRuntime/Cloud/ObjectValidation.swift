public import AuraEffects

/// The checks that every handler of objects makes before it acts, with the same codes and the same words.
public struct ObjectValidation: Sendable {
    /// Makes the handler's errors.
    public let errors: HandlerErrors

    private let capabilities: Capabilities

    /// Creates the checks of a handler.
    ///
    /// - Parameters:
    ///   - handler: The handler's technology.
    ///   - capabilities: What the handler declares.
    public init(handler: String, capabilities: Capabilities) {
        errors = HandlerErrors(ObjectsEffect.self, handler: handler)
        self.capabilities = capabilities
    }

    /// Checks a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for an empty, a too long or an unusual key that the handler does not
    ///   take.
    public func check(_ key: ObjectKey, in operation: String) throws(EffectError) {
        let count = key.text.utf8.count
        let limit = capabilities.limit(.keyBytes)
        guard count > 0 else {
            throw refusal(operation, "The key is empty: give one of at least one byte.")
        }
        guard count <= limit else {
            throw refusal(operation, "The key has \(count) bytes: the most is \(limit).")
        }
        guard capabilities.contains(.arbitraryKeys) || key.isUsual else {
            let message =
                "The key \(HandlerErrors.quote(key.text)) has a control character or is '.' or '..', which the service does "
                + "not take: choose another one."
            throw refusal(operation, message)
        }
    }

    /// Checks what is to be stored beside the bytes.
    ///
    /// - Parameters:
    ///   - metadata: The metadata.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for a name or value that is none, and for too many bytes.
    public func check(_ metadata: ObjectMetadata, in operation: String) throws(EffectError) {
        try errors.check(attributes: metadata.attributes, in: operation)
        let byteCount = metadata.attributes.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        let limit = capabilities.limit(.metadataBytes)
        guard byteCount <= limit else {
            throw refusal(operation, "The attributes have \(byteCount) bytes: the most is \(limit).")
        }
        guard metadata.contentType.map({ !$0.isEmpty && !$0.hasControlCharacters }) ?? true else {
            throw refusal(operation, "The content type is none: give one such as 'text/plain', or leave it out.")
        }
    }

    /// Checks a part's number.
    ///
    /// - Parameter number: The number.
    /// - Throws: ``EffectError`` with `invalidArgument` for one below 1 or beyond the declared limit.
    public func checkPart(_ number: Int) throws(EffectError) {
        let limit = capabilities.limit(.uploadParts)
        guard number < 1 || number > limit else { return }
        throw refusal("uploadPart", "The part has the number \(number): it lies between 1 and \(limit).")
    }

    /// Checks the parts that an upload is completed with: their order, and that all but the last one are large enough.
    ///
    /// - Parameter parts: The parts.
    /// - Throws: ``EffectError`` with `invalidArgument`.
    public func check(_ parts: [UploadedPart]) throws(EffectError) {
        let operation = "completeUpload"
        guard !parts.isEmpty else {
            throw refusal(operation, "No part is named: send one, or abort the upload.")
        }
        for (part, next) in zip(parts, parts.dropFirst()) {
            guard part.number < next.number else {
                throw refusal(operation, "Part \(next.number) follows \(part.number): name each once, in their order.")
            }
            let least = capabilities.limits[.leastPartBytes] ?? 0
            guard part.byteCount >= least else {
                let message =
                    "Part \(part.number) has \(part.byteCount) bytes: all but the last have at least \(least)."
                throw refusal(operation, message)
            }
        }
    }

    /// Checks how long a presigned address shall be good for.
    ///
    /// - Parameter duration: How long.
    /// - Throws: ``EffectError`` with `unsupported` without the capability, `invalidArgument` for a duration out of the limits.
    public func checkPresigning(expiresIn duration: Duration) throws(EffectError) {
        try errors.require(.presignedURLs, of: capabilities, in: "presignedURL")
        let limit = capabilities.limit(.presignedSeconds)
        guard duration <= .zero || duration > .seconds(limit) else { return }
        let message = "The address is to last \(duration): it lasts more than nothing, at most \(limit) s."
        throw refusal("presignedURL", message)
    }

    /// The number of items that a listing's page may hold.
    ///
    /// - Parameter limit: What the caller asked for.
    /// - Returns: The smaller of `limit` and the handler's own limit.
    /// - Throws: ``EffectError`` with `invalidArgument` for a limit below 1.
    public func pageSize(for limit: Int) throws(EffectError) -> Int {
        guard limit >= 1 else { throw refusal("list", "The limit is \(limit): ask for at least 1.") }
        return min(limit, capabilities.limit(.pageElements))
    }

    /// The bytes that a range has of an object.
    ///
    /// - Parameters:
    ///   - range: The range; `nil` for all bytes.
    ///   - byteCount: The object's size.
    /// - Returns: The bytes.
    /// - Throws: ``EffectError`` with `invalidArgument` for a range that is none, or begins beyond the end.
    public func bytes(of range: ObjectRange?, in byteCount: Int) throws(EffectError) -> Range<Int> {
        guard let range else { return 0..<byteCount }
        if let bytes = range.clamped(to: byteCount) { return bytes }
        let count = range.count.map { "\($0) bytes" } ?? "all bytes"
        let message = "The range of \(count) from \(range.offset) on lies outside the object's \(byteCount) bytes."
        throw refusal("get", message)
    }

    private func refusal(_ operation: String, _ message: String) -> EffectError {
        errors.error(.invalidArgument, in: operation, message)
    }
}

extension ObjectValidation {
    /// Takes a body in whole, for handlers that keep it, and for bodies that are sent at once.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - limit: Which of the declared limits holds: ``Limit/objectBytes`` or ``Limit/partBytes``.
    ///   - operation: The operation's name.
    /// - Returns: The bytes.
    /// - Throws: ``EffectError``: `invalidArgument` for a body beyond the limit or of another length than it announces; what the
    ///   body throws.
    public func collect(
        _ body: ByteStream,
        atMost limit: Limit,
        in operation: String
    ) async throws(EffectError) -> [UInt8] {
        var bytes: [UInt8] = []
        var meter = BodyMeter(of: body, atMost: capabilities.limit(limit), operation: operation, errors: errors)
        try meter.begin()
        var iterator = body.makeAsyncIterator()
        while let chunk = try await iterator.next() {
            try errors.checkCancellation(in: operation)
            try meter.take(chunk)
            bytes += chunk
        }
        try meter.end()
        return bytes
    }
}

/// Watches that a body keeps to a limit and has as many bytes as it announces.
public struct BodyMeter: Sendable {
    private let announced: Int?
    private let limit: Int
    private let operation: String
    private let errors: HandlerErrors
    /// How many bytes have come.
    public private(set) var byteCount = 0

    /// Creates a meter.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - limit: The most bytes.
    ///   - operation: The operation's name.
    ///   - errors: Makes the handler's errors.
    public init(of body: ByteStream, atMost limit: Int, operation: String, errors: HandlerErrors) {
        announced = body.byteCount
        self.limit = limit
        self.operation = operation
        self.errors = errors
    }

    /// Refuses a body that announces too much.
    public func begin() throws(EffectError) {
        if let announced, announced > limit { throw tooLarge("The body announces \(announced) bytes") }
    }

    /// Counts a chunk.
    ///
    /// - Parameter chunk: The chunk.
    /// - Throws: ``EffectError`` with `invalidArgument` where it is more than the limit, or than was announced.
    public mutating func take(_ chunk: [UInt8]) throws(EffectError) {
        byteCount += chunk.count
        if byteCount > limit { throw tooLarge("The body has more bytes than allowed") }
        if let announced, byteCount > announced { throw mismatch("has more") }
    }

    /// Refuses a body that has fewer bytes than it announced.
    public func end() throws(EffectError) {
        if let announced, byteCount < announced { throw mismatch("has \(byteCount)") }
    }

    private func tooLarge(_ what: String) -> EffectError {
        errors.error(.invalidArgument, in: operation, "\(what): the most is \(limit). Send it in parts.")
    }

    private func mismatch(_ what: String) -> EffectError {
        let message = "The body announces \(announced ?? 0) bytes and \(what): nothing was stored."
        return errors.error(.invalidArgument, in: operation, message)
    }
}

extension ObjectKey {
    fileprivate var isUsual: Bool { text != "." && text != ".." && !text.hasControlCharacters }
}

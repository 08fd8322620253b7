internal import AuraEffects
internal import AuraRuntime

/// Seals records under keys that are derived from a data key, and opens them again.
///
/// A record is a ``SealedHeader`` and its chunks: the nonce's length (1 byte), the nonce in a field of 24, ciphertext, tag. Each
/// chunk is authenticated together with the header, what the record is (``SealedSubject``), its number and whether it is the
/// last one: chunks can be neither left out nor added, put in another order or into another record.
struct Sealer: Sendable {
    let keys: DataKeys
    private let crypto: any CryptoEffects
    private let random: any RandomEffects
    let size: SealedSize

    var errors: HandlerErrors { keys.errors }

    init(_ keys: DataKeys, _ context: HandlerContext) {
        self.keys = keys
        crypto = context.crypto
        random = context.random
        size = SealedSize(keys.name)
    }

    /// A key of its own for a record or for several, with the salt that it was derived with.
    struct RecordKey: Sendable {
        var version: UInt32
        var check: [UInt8]
        var salt: [UInt8]
        var id: KeyID
    }

    // MARK: Sealing

    /// Refuses to seal where the salts that keys are derived with could be foretold, or drawn again.
    func checkRandom(in operation: String) throws(EffectError) {
        if let error = random.refusalForKeys(errors, in: operation) { throw error }
    }

    /// Seals a record under the data key's current version and a key of its own.
    func seal(_ plaintext: [UInt8], as subject: SealedSubject, in operation: String) async throws(EffectError)
        -> SealedRecord
    {
        let key = try await makeKey(for: subject, in: operation)
        return try await crypto.lending(key.id) { () async throws(EffectError) in
            try await seal(plaintext, as: subject, under: key, in: operation)
        }
    }

    /// Derives a key from the data key's current version; end it with ``forget(_:)``.
    func makeKey(for subject: SealedSubject, in operation: String) async throws(EffectError) -> RecordKey {
        let dataKey = try await keys.current(in: operation)
        var salt: [UInt8]
        // Zero stands for a record that is not there.
        repeat { salt = random.bytes(SealedHeader.saltByteCount) } while SealedHeader.stamp(of: salt) == 0
        return try await derive(dataKey, salt: salt, subject, in: operation)
    }

    func forget(_ key: RecordKey) async {
        await crypto.forget([key.id])
    }

    private func derive(
        _ dataKey: DataKey,
        salt: [UInt8],
        _ subject: SealedSubject,
        in operation: String
    ) async throws(EffectError) -> RecordKey {
        let id: KeyID
        do throws(EffectError) {
            id = try await crypto.deriveKey(from: dataKey.id, salt: salt, info: subject.derivationInfo, as: .aes256GCM)
        } catch {
            throw mapped(error, in: operation)
        }
        return RecordKey(version: dataKey.version, check: dataKey.check, salt: salt, id: id)
    }

    /// Seals a record under a key that was made for it.
    func seal(
        _ plaintext: [UInt8],
        as subject: SealedSubject,
        under key: RecordKey,
        in operation: String
    ) async throws(EffectError) -> SealedRecord {
        let header = SealedHeader(
            version: key.version,
            check: key.check,
            chunkByteCount: UInt32(SealedSize.chunkByteCount),
            plaintextByteCount: plaintext.count,
            salt: key.salt,
            name: keys.name.rawValue
        )
        let headerBytes = header.bytes
        let associated = ChunkBinding(header: headerBytes, subject)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size.sealed(plaintext.count))
        bytes += headerBytes
        let count = SealedSize.chunkCount(ofPlaintext: plaintext.count)
        for index in 0..<count {
            let start = index * SealedSize.chunkByteCount
            let end = min(start + SealedSize.chunkByteCount, plaintext.count)
            let box: SealedBox
            do throws(EffectError) {
                box = try await crypto.seal(
                    count == 1 ? plaintext : Array(plaintext[start..<end]),
                    authenticating: associated.bytes(ofChunk: index, isLast: index == count - 1),
                    key: key.id
                )
            } catch {
                throw mapped(error, in: operation)
            }
            let isFitting =
                box.nonce.count <= SealedSize.nonceFieldByteCount
                && box.ciphertext.count == end - start + SealedSize.tagByteCount
            guard isFitting else {
                throw errors.error(
                    .unsupported,
                    in: operation,
                    "The crypto handler's nonces or tags have another size."
                )
            }
            bytes.append(UInt8(box.nonce.count))
            bytes += box.nonce
            bytes.append(contentsOf: repeatElement(0, count: SealedSize.nonceFieldByteCount - box.nonce.count))
            bytes += box.ciphertext
        }
        return SealedRecord(bytes: bytes, stamp: header.stamp, version: key.version)
    }

    // MARK: Opening

    /// The header of a record, once its key is known to be the right one.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - subject: What it is.
    ///   - operation: The operation's name, for errors.
    /// - Returns: The header, which is not authenticated yet.
    /// - Throws: ``EffectError`` with `corrupted` for what is no such record, `unsupported` for a later format.
    func header(of record: [UInt8], _ subject: SealedSubject, in operation: String) throws(EffectError) -> SealedHeader
    {
        do throws(SealedHeader.Defect) {
            return try SealedHeader(of: record)
        } catch {
            switch error {
            case .notEncrypted:
                throw corrupted(subject, "is not encrypted: something else wrote to what is underneath", in: operation)
            case .cut:
                throw corrupted(subject, "is cut off", in: operation)
            case .format(let format):
                throw errors.error(
                    .unsupported,
                    in: operation,
                    "\(subject.name.capitalizingFirst) has format \(format), and this version reads \(SealedHeader.format): "
                        + "it is damaged, or a newer version wrote it."
                )
            }
        }
    }

    /// Opens a record.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - subject: What it was sealed as.
    ///   - operation: The operation's name, for errors.
    /// - Returns: The plaintext.
    /// - Throws: ``EffectError`` with `corrupted` for a record that was altered, cut, extended or sealed as something else,
    ///   `unauthenticated` where its key is not to be had or is another one.
    func open(_ record: [UInt8], as subject: SealedSubject, in operation: String) async throws(EffectError) -> [UInt8] {
        let header = try header(of: record, subject, in: operation)
        let key = try await recordKey(of: header, subject, in: operation)
        return try await crypto.lending(key.id) { () async throws(EffectError) in
            try await open(record, header, as: subject, under: key, in: operation)
        }
    }

    /// Derives the key that a header's record was sealed under; end it with ``forget(_:)``.
    func recordKey(
        of header: SealedHeader,
        _ subject: SealedSubject,
        in operation: String
    ) async throws(EffectError) -> RecordKey {
        guard header.isNamed(keys.name) else {
            throw errors.error(
                .unauthenticated,
                in: operation,
                "\(subject.name.capitalizingFirst) was sealed under the key \(HandlerErrors.quote(header.name)), not "
                    + "'\(keys.name)': name that key in the profile, unless this was altered."
            )
        }
        let dataKey = try await keys.version(header.version, in: operation)
        guard header.check == dataKey.check else {
            throw errors.error(
                .unauthenticated,
                in: operation,
                "\(subject.name.capitalizingFirst) was sealed under another key than version \(header.version) of "
                    + "'\(keys.name)' is: use the key store that it was written with, unless this was altered."
            )
        }
        return try await derive(dataKey, salt: header.salt, subject, in: operation)
    }

    /// Opens a record with its key.
    func open(
        _ record: [UInt8],
        _ header: SealedHeader,
        as subject: SealedSubject,
        under key: RecordKey,
        in operation: String
    ) async throws(EffectError) -> [UInt8] {
        let count = try plaintextByteCount(of: record, header, subject, in: operation)
        let headerBytes = header.bytes
        let associated = ChunkBinding(header: headerBytes, subject)
        let chunkCount = SealedSize.chunkCount(ofPlaintext: count)
        var plaintext: [UInt8] = []
        if chunkCount > 1 { plaintext.reserveCapacity(count) }
        var start = headerBytes.count
        for index in 0..<chunkCount {
            let isLast = index == chunkCount - 1
            let end = isLast ? record.count : start + SealedSize.chunkByteCount + SealedSize.chunkOverhead
            let opened: [UInt8]
            do throws(EffectError) {
                opened = try await crypto.open(
                    try box(record[start..<end], subject, in: operation),
                    authenticating: associated.bytes(ofChunk: index, isLast: isLast),
                    key: key.id
                )
            } catch {
                guard error.code == .corrupted || error.code == .invalidArgument else {
                    throw mapped(error, in: operation)
                }
                throw corrupted(subject, "was altered, or is not what was sealed here", in: operation, cause: error)
            }
            if chunkCount == 1 { return opened }
            plaintext += opened
            start = end
        }
        return plaintext
    }

    private func plaintextByteCount(
        of record: [UInt8],
        _ header: SealedHeader,
        _ subject: SealedSubject,
        in operation: String
    ) throws(EffectError) -> Int {
        guard header.chunkByteCount == SealedSize.chunkByteCount, let count = size.plaintext(ofSealed: record.count),
            UInt64(count) == header.plaintextByteCount
        else { throw corrupted(subject, "is cut off, extended or altered", in: operation) }
        return count
    }

    private func box(
        _ chunk: ArraySlice<UInt8>,
        _ subject: SealedSubject,
        in operation: String
    ) throws(EffectError) -> SealedBox {
        let nonceByteCount = Int(chunk[chunk.startIndex])
        let field = chunk.dropFirst().prefix(SealedSize.nonceFieldByteCount)
        // Bytes that nothing authenticates would be a difference that nobody notices.
        guard nonceByteCount <= field.count, field.dropFirst(nonceByteCount).allSatisfy({ $0 == 0 }) else {
            throw corrupted(subject, "was altered", in: operation)
        }
        return SealedBox(
            nonce: Array(field.prefix(nonceByteCount)),
            ciphertext: Array(chunk.dropFirst(1 + SealedSize.nonceFieldByteCount))
        )
    }

    // MARK: Errors

    func corrupted(
        _ subject: SealedSubject,
        _ what: String,
        in operation: String,
        cause: EffectError? = nil
    ) -> EffectError {
        errors.error(
            .corrupted,
            in: operation,
            "\(subject.name.capitalizingFirst) \(what): restore it from a backup or write it anew.",
            cause: cause
        )
    }

    private func mapped(_ error: EffectError, in operation: String) -> EffectError {
        errors.mapped(error, in: operation)
    }
}

/// A record as it is stored.
struct SealedRecord: Sendable {
    var bytes: [UInt8]
    /// See ``SealedHeader/stamp``.
    var stamp: UInt64
    var version: UInt32
}

/// What the chunks of one record are authenticated with.
private struct ChunkBinding {
    private let common: [UInt8]

    init(header: [UInt8], _ subject: SealedSubject) {
        var common: [UInt8] = []
        common.append(counted: header)
        common += subject.binding
        self.common = common
    }

    func bytes(ofChunk index: Int, isLast: Bool) -> [UInt8] {
        var bytes = common
        bytes.append(bigEndian: UInt64(index))
        bytes.append(isLast ? 1 : 0)
        return bytes
    }
}

extension String {
    /// For a name at the start of a sentence.
    fileprivate var capitalizingFirst: String {
        prefix(1).uppercased() + dropFirst()
    }
}

extension HandlerErrors {
    /// What failed underneath, as an error of this handler's operation.
    func mapped(_ error: EffectError, in operation: String) -> EffectError {
        self.error(
            error.code,
            in: operation,
            error.message,
            cause: error,
            isRetryable: error.isRetryable,
            outcome: error.outcome
        )
    }
}

#if SQLite
internal import AuraEffects

/// A call of SQLite that failed.
///
/// Its text is the library's own and never holds bound values.
struct SQLiteFailure: Error, CustomStringConvertible {
    var code: SQLiteResultCode
    var text: String

    var description: String { "SQLite \(code.rawValue): \(text)" }

    /// Whether another connection is in the way and the same call may succeed shortly.
    var isBusy: Bool {
        .busy ~= code || .locked ~= code
    }

    /// This failure as an effect's error.
    ///
    /// - Parameters:
    ///   - place: The effect, the operation and the file it happened in.
    ///   - outcome: Whether something may have been applied.
    /// - Returns: The error, with this failure as its cause.
    func effectError(at place: SQLitePlace, outcome: EffectError.Outcome = .notApplied) -> EffectError {
        let (kind, advice, isRetryable) = meaning
        return EffectError(
            kind,
            "\(place.file): \(advice)",
            effect: place.effect,
            operation: place.operation,
            handler: SQLitePlace.technology,
            cause: self,
            isRetryable: isRetryable,
            outcome: outcome
        )
    }

    private var meaning: (EffectError.Code, String, Bool) {
        switch code {
        case .busy, .locked:
            (.unavailable, "another process holds the database's write lock; try again when it is done.", true)
        case .full:
            (.resourceExhausted, "the disk is full; free some space and try again.", true)
        case .readOnly, .permission:
            (.permissionDenied, "the file or its folder cannot be written; change its permissions.", true)
        case .cannotOpen:
            (.unavailable, "the file cannot be opened; check that its folder exists and can be read and written.", true)
        case .notADatabase:
            (.corrupted, "the file is not an SQLite database; name another path or restore a backup.", false)
        case .ioErrorShortRead, .ioErrorCorruptFileSystem, .corrupt:
            (.corrupted, "the database is damaged; restore a backup or copy out what 'verify' still reads.", false)
        case .ioError:
            (.unavailable, "the disk failed to read or write; check the disk and try again.", true)
        case .outOfMemory:
            (.resourceExhausted, "SQLite is out of memory.", true)
        case .tooBig:
            (.invalidArgument, "a value is larger than SQLite takes.", false)
        case .interrupted:
            (.cancelled, "the call was interrupted.", false)
        default:
            (.internal, "SQLite failed with code \(code.rawValue).", false)
        }
    }
}

/// Where a failure happened.
struct SQLitePlace: Sendable {
    static let technology = "sqlite"

    var effect: String
    var operation: String
    var file: String

    func error(
        _ code: EffectError.Code,
        _ message: String,
        isRetryable: Bool? = nil
    ) -> EffectError {
        EffectError(
            code,
            message,
            effect: effect,
            operation: operation,
            handler: Self.technology,
            isRetryable: isRetryable
        )
    }

    /// Runs `body` and turns a failure of SQLite into the effect's error.
    func mapping<Result>(_ body: () throws(SQLiteFailure) -> Result) throws(EffectError) -> Result {
        do {
            return try body()
        } catch {
            throw error.effectError(at: self)
        }
    }
}
#endif

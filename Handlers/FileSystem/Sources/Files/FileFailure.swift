internal import AuraEffects
internal import AuraRuntime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file operation that failed, or a file that is not what it should be.
///
/// It names files by their place below the storage's folder and never holds what is in them.
struct FileFailure: Error, CustomStringConvertible {
    enum Reason: Sendable, Hashable {
        /// What the system says, as `errno`.
        case system(Int32)
        /// The file is not as it was written.
        case damaged
        /// A value is not as it was written.
        case damagedValue
        /// The file was written by a newer version.
        case newer
        /// The folder holds something else.
        case foreign
        /// The storage's folder is no longer at its path.
        case replaced
        /// Another handler holds the lock.
        case locked
        /// The handler was stopped.
        case stopped
    }

    var reason: Reason
    /// The file, as a message names it.
    var file: FileLabel

    init(reason: Reason, file: FileLabel) {
        self.reason = reason
        self.file = file
    }

    /// What the volume says of a file.
    init(_ error: VolumeError, _ file: FileLabel) {
        self.init(reason: .system(error.rawValue), file: file)
    }

    static func damaged(_ file: FileLabel) -> FileFailure {
        FileFailure(reason: .damaged, file: file)
    }

    var description: String {
        guard case .system(let number) = reason else { return "\(file): \(reason)" }
        return "\(file): \(Self.text(of: number))"
    }

    private static func text(of number: Int32) -> String {
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }

    /// This failure as the effect's error.
    ///
    /// - Parameters:
    ///   - place: The operation and the storage's folder.
    ///   - outcome: Whether something may have been applied.
    /// - Returns: The error, with this failure as its cause.
    func effectError(at place: FilePlace, outcome: EffectError.Outcome = .notApplied) -> EffectError {
        let (code, message, isRetryable) = meaning
        return place.errors.error(
            code,
            in: place.operation,
            "\(place.folder): \(message)",
            cause: self,
            isRetryable: isRetryable,
            outcome: outcome
        )
    }

    private var meaning: (EffectError.Code, String, Bool) {
        switch reason {
        case .system(let number): Self.meaning(of: number, file)
        case .damaged:
            (.corrupted, "\(file) is damaged; restore a backup of the folder.", false)
        case .damagedValue:
            (.corrupted, "\(file) is damaged; write it anew or restore a backup.", false)
        case .newer:
            (.unsupported, "\(file) was written by a newer version of Aura; use that version.", false)
        case .foreign:
            (.invalidArgument, "the folder holds files of something else; name an empty or a new folder.", false)
        case .replaced:
            (
                .permissionDenied,
                "the folder was moved or replaced since the storage was opened; put it back or open the storage anew.",
                false
            )
        case .locked:
            (.unavailable, "another process holds the storage's lock; try again when it is done.", true)
        case .stopped:
            (.unavailable, "the handler was stopped.", false)
        }
    }

    private static func meaning(of number: Int32, _ file: FileLabel) -> (EffectError.Code, String, Bool) {
        switch number {
        case ENOSPC, EDQUOT:
            (.resourceExhausted, "the disk is full; free some space and try again.", true)
        case EMFILE, ENFILE, ENOMEM:
            (.resourceExhausted, "\(file): \(text(of: number)); raise the limit or close something.", true)
        case ELOOP, ENOTDIR:
            (
                .permissionDenied,
                "\(file) is a link or no folder; links are not followed, put the folder back in its place.",
                false
            )
        case EACCES, EPERM, EROFS:
            (.permissionDenied, "\(file) cannot be used: \(text(of: number)); change its permissions.", true)
        case ENOENT:
            (.unavailable, "\(file) is missing; check that the folder is where it was.", false)
        default:
            (.unavailable, "\(file): \(text(of: number)); check the disk and try again.", true)
        }
    }
}

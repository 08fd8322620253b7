#if OpenSSL
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Files and folders as they were at a moment, to see later whether they were replaced or written.
struct WatchedFiles: Sendable, Hashable {
    private struct File: Sendable, Hashable {
        var path: String
        /// `nil` for what was not there.
        var state: State?
    }

    private struct State: Sendable, Hashable {
        var device: UInt64
        var number: UInt64
        var size: Int64
        var modified: Moment
        var changed: Moment
    }

    private struct Moment: Sendable, Hashable {
        var seconds: Int
        var nanoseconds: Int

        init(_ time: timespec) {
            seconds = time.tv_sec
            nanoseconds = time.tv_nsec
        }
    }

    /// Not by path: two names of which Unicode makes one are two files.
    private let files: [File]

    /// Looks at files and folders now: call it before they are read, so that no change between is missed.
    init(_ paths: [String]) {
        files = paths.map { File(path: $0, state: Self.state(of: $0)) }
    }

    /// Whether any is not as it was.
    var haveChanged: Bool {
        files.contains { Self.state(of: $0.path) != $0.state }
    }

    private static func state(of path: String) -> State? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
        let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        return State(
            device: UInt64(truncatingIfNeeded: status.st_dev),
            number: UInt64(status.st_ino),
            size: Int64(status.st_size),
            modified: Moment(modified),
            changed: Moment(changed)
        )
    }
}
#endif

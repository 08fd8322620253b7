#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Why a call on a volume failed, as the operating system numbers it: an open set.
public struct VolumeError: Error, RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The system's `errno`.
    public let rawValue: Int32

    /// Creates an error from the system's `errno`.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// There is nothing of this name.
    public static let notFound = VolumeError(rawValue: ENOENT)
    /// There is something of this name already.
    public static let exists = VolumeError(rawValue: EEXIST)
    /// A folder stands where a file is asked for.
    public static let isFolder = VolumeError(rawValue: EISDIR)
    /// A file stands where a folder is asked for.
    public static let notAFolder = VolumeError(rawValue: ENOTDIR)
    /// The file was opened for reading only.
    public static let notWritable = VolumeError(rawValue: EBADF)
    /// The volume is full.
    public static let full = VolumeError(rawValue: ENOSPC)
    /// The device failed.
    public static let deviceFailed = VolumeError(rawValue: EIO)

    /// What the system says.
    public var description: String {
        unsafe strerror(rawValue).map { unsafe String(cString: $0) } ?? "error \(rawValue)"
    }
}

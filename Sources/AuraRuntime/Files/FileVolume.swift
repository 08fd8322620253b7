/// A file system, as far as handlers that keep files need one.
///
/// A handler whose ``HandlerContext/volume`` is `nil` works on the machine's own file system; in a simulation it is given a
/// volume instead, which loses what was not synced when its machine crashes. The contract is that of POSIX and no more:
///
/// - What was written to a file is durable once ``VolumeFile/sync()`` or ``VolumeFile/syncData()`` has returned.
/// - That a name was made, renamed or removed is durable once ``VolumeFolder/sync()`` of its folder has returned. Syncing a
///   file does not make its name durable.
/// - A rename is atomic, also over a crash.
///
/// Calls block; they belong on an executor of the handler's own.
public protocol FileVolume: AnyObject, Sendable {
    /// Opens a folder by its path from the volume's root.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - creating: Whether to make the folder and those above it where they are missing, durably.
    /// - Returns: The open folder, which stays open until its last reference is gone.
    /// - Throws: ``VolumeError``: `notFound`, `notAFolder`, or what else the system says.
    func folder(at path: String, creating: Bool) throws(VolumeError) -> any VolumeFolder
}

/// An open folder of a ``FileVolume``, closed with its last reference.
///
/// A name is one component, never "." or "..", and no link is followed.
public protocol VolumeFolder: AnyObject, Sendable {
    /// Whether the path that the folder was opened at still leads to it.
    var isInPlace: Bool { get throws(VolumeError) }

    /// What is in the folder, in no particular order.
    var names: [String] { get throws(VolumeError) }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file's name, or its path below this folder.
    ///   - options: How to open it.
    /// - Returns: The open file.
    /// - Throws: ``VolumeError``: `notFound`, `exists` or `isFolder`, or what else the system says.
    func file(_ path: String, _ options: VolumeFileOptions) throws(VolumeError) -> any VolumeFile

    /// Opens a folder in this one.
    ///
    /// - Parameters:
    ///   - name: The folder's name.
    ///   - creating: Whether to make it where it is missing; its name is durable once this folder was synced.
    /// - Returns: The open folder.
    /// - Throws: ``VolumeError``: `notFound`, `notAFolder`, or what else the system says.
    func folder(_ name: String, creating: Bool) throws(VolumeError) -> any VolumeFolder

    /// Gives a file another name, in place of a file that has it.
    func rename(_ name: String, to newName: String) throws(VolumeError)

    /// Gives a file a second name, which nothing has yet.
    func link(_ name: String, as newName: String) throws(VolumeError)

    /// Removes a file's name; the file goes with its last name once nobody has it open.
    func remove(_ name: String) throws(VolumeError)

    /// Waits until the names in the folder are durable.
    func sync() throws(VolumeError)
}

/// How a file is opened; without `write` for reading only.
public struct VolumeFileOptions: OptionSet, Sendable, Hashable {
    /// The options as bits.
    public let rawValue: UInt8

    /// Creates options from bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// For reading and writing.
    public static let write = VolumeFileOptions(rawValue: 1)
    /// Makes the file where it is missing, for the owner alone.
    public static let create = VolumeFileOptions(rawValue: 2)
    /// With `create`: refuses a file that is there, with ``VolumeError/exists``.
    public static let exclusive = VolumeFileOptions(rawValue: 4)
    /// With `write`: empties a file that is there.
    public static let truncate = VolumeFileOptions(rawValue: 8)
}

/// An open file of a ``FileVolume``, closed with its last reference.
public protocol VolumeFile: AnyObject, Sendable {
    /// How many bytes the file holds.
    var size: Int { get throws(VolumeError) }

    /// What tells the file from its copies, under whatever name it stands.
    var number: UInt64 { get throws(VolumeError) }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - buffer: Takes the bytes.
    ///   - offset: Where to begin.
    /// - Returns: How many bytes were read: fewer than the buffer takes only at the end of the file.
    /// - Throws: ``VolumeError`` where the device fails.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(VolumeError) -> Int

    /// Reads the file's first bytes into one buffer and those that follow into another.
    ///
    /// - Parameters:
    ///   - first: Takes the first bytes.
    ///   - second: Takes those that follow.
    /// - Returns: How many bytes were read: fewer than the buffers take only at the end of the file.
    /// - Throws: ``VolumeError`` where the device fails.
    func read(
        into first: UnsafeMutableRawBufferPointer,
        andThen second: UnsafeMutableRawBufferPointer
    ) throws(VolumeError) -> Int

    /// Writes all of the bytes, making the file larger where they go beyond its end.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - offset: Where to begin.
    /// - Throws: ``VolumeError``: `full`, or another where the device fails. Some of the bytes may be written then.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(VolumeError)

    /// Makes the file shorter, or longer by zeros.
    func truncate(to size: Int) throws(VolumeError)

    /// Waits until the file's bytes and its size are durable.
    ///
    /// - Throws: ``VolumeError``. Whatever was not durable before may be lost then, also where a later call succeeds: write it
    ///   again.
    func sync() throws(VolumeError)

    /// Like ``sync()``, without what only describes the file, such as its times.
    func syncData() throws(VolumeError)

    /// Lets the system begin to make the file durable, without waiting.
    func startWriteback()

    /// Takes the file's exclusive lock; `false` where it is taken through another opening of the file.
    func tryLock() throws(VolumeError) -> Bool

    /// Gives the lock up.
    func unlock()
}

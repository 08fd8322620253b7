#if canImport(Glibc)
@unsafe @preconcurrency internal import Glibc
#elseif canImport(Musl)
@unsafe @preconcurrency internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The one place of this module that asks the operating system: files of profiles, secrets and control groups, and
/// environment variables.
package enum Host {
    /// Why a file could not be read.
    package enum ReadFailure: Error, Hashable {
        /// There is no such file.
        case missing
        /// The file is not a regular one.
        case notAFile
        /// The file is larger than the caller takes.
        case tooLarge
        /// Reading failed for another reason, in the system's words.
        case other(String)
    }

    /// Reads a file whole.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes that the caller takes.
    /// - Returns: The file's bytes.
    /// - Throws: ``ReadFailure``.
    package static func readFile(_ path: String, limit: Int) throws(ReadFailure) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw readFailure() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw readFailure()
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > limit { throw .tooLarge }
        }
    }

    /// The permission bits of a regular file, or `nil` where there is none.
    static func permissions(ofFile path: String) -> UInt32? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt32(status.st_mode & 0o7777)
    }

    /// Whether there is anything at `path`.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0
    }

    /// Whether there is a folder at `path`.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, sorted; none where it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The path of the running executable, where the system tells.
    static var executablePath: String? {
        #if os(Linux)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else { return 0 }
                return unsafe readlink("/proc/self/exe", start, characters.count)
            }
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        #else
        return CommandLine.arguments.first.flatMap { $0.contains("/") ? $0 : nil }
        #endif
    }

    /// How much memory the process has in use, where the system tells.
    static var residentBytes: Int? {
        guard let bytes = try? readFile("/proc/self/status", limit: 65_536) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmRSS:") {
            return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }.map { $0 * 1024 }
        }
        return nil
    }

    /// Writes bytes to the standard error stream, as far as it takes them.
    static func writeError(_ bytes: [UInt8]) {
        writeAll(bytes, to: STDERR_FILENO)
    }

    /// Writes bytes to the standard output, as far as it takes them.
    static func writeOutput(_ bytes: [UInt8]) {
        writeAll(bytes, to: STDOUT_FILENO)
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
        unsafe bytes.withUnsafeBytes { buffer in
            var rest = unsafe buffer[...]
            while unsafe !rest.isEmpty {
                let count = unsafe write(
                    descriptor,
                    UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    rest.count
                )
                if count < 0 && errno == EINTR { continue }
                // Whoever reads the stream is gone: a log has nowhere to say so.
                guard count > 0 else { return }
                unsafe rest = rest.dropFirst(count)
            }
        }
    }

    /// The process's environment variables.
    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        #if canImport(Darwin)
        guard var entry = unsafe _NSGetEnviron().pointee else { return [:] }
        #else
        // Read once at start and by tools; nothing in this module changes the variables.
        var entry = unsafe environ
        #endif
        while let text = unsafe entry.pointee {
            let line = unsafe String(cString: text)
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            unsafe entry += 1
        }
        return variables
    }

    private static func readFailure() -> ReadFailure {
        switch errno {
        case ENOENT, ENOTDIR: .missing
        case EISDIR: .notAFile
        default: .other(unsafe String(cString: strerror(errno)))
        }
    }
}

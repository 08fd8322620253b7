internal import Glibc

/// A file operation that failed.
package struct FileFailure: Error, CustomStringConvertible {
    package var description: String

    package init(_ what: String, _ path: String) {
        description = "Cannot \(what) \(path): \(String(cString: strerror(errno)))."
    }
}

/// Writes a line of progress to standard error.
package func report(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Makes a folder and those above it.
package func makeFolder(_ path: String) throws {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
        made += made.isEmpty || made == "/" ? String(part) : "/\(part)"
        guard mkdir(made, 0o755) == 0 || errno == EEXIST else { throw FileFailure("make the folder", made) }
    }
}

/// Replaces a file's contents.
package func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw FileFailure("write", path) }
    defer { fclose(file) }
    guard fputs(text, file) >= 0 else { throw FileFailure("write", path) }
}

/// A small file's text.
package func read(_ path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw FileFailure("read", path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
}

/// Removes a file, where it is there.
package func removeFile(_ path: String) {
    unlink(path)
}

/// Removes a database and the files beside it.
package func removeDatabase(_ path: String) {
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
}

/// Removes a folder and everything in it.
package func removeFolder(_ path: String) {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name == "." || name == ".." { continue }
        if unlink("\(path)/\(name)") != 0 { removeFolder("\(path)/\(name)") }
    }
    closedir(folder)
    rmdir(path)
}

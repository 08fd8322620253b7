internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import AuraSystem
internal import CFileSystem
internal import Foundation
internal import Logging
internal import Testing

/// A folder that is removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("aura-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

extension HandlerContext {
    /// A context with the system's clock and random source.
    static func system(random: any RandomEffects = SystemRandomHandler()) -> HandlerContext {
        HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 0.3, ioQuota: .mebibytes(10)),
            time: SystemTimeHandler(),
            random: random,
            logger: Logger(label: "test")
        )
    }

    func storage(
        _ path: String,
        _ change: (inout FileSystemConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> FileSystemStorageHandler {
        var configuration = FileSystemConfiguration(path: path, budget: budget)
        change(&configuration)
        return try await FileSystemStorageHandler.open(configuration, self)
    }
}

/// The storage's lock, held by a test as another process would hold it.
final class HeldLock {
    private let descriptor: Int32

    init(of folder: String) async throws {
        descriptor = unsafe open("\(folder)/lock", O_RDWR | O_CLOEXEC)
        try #require(descriptor >= 0)
        while aura_try_lock(descriptor) != 1 { try await Task.sleep(for: .milliseconds(1)) }
    }

    deinit {
        close(descriptor)
    }
}

/// Every file of a folder and those in it, by its path below the folder.
func files(in folder: String) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return names.filter { name in
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
            && !isFolder.boolValue
    }
}

/// The files of values alone.
func valueFiles(in folder: String) throws -> [String] {
    try files(in: folder).filter { $0.contains("/") }
}

/// The one file of values that holds some bytes.
func valueFile(in folder: String, holding bytes: [UInt8]) throws -> String {
    let found = try valueFiles(in: folder).map { "\(folder)/\($0)" }
        .filter { try Data(contentsOf: URL(fileURLWithPath: $0)).range(of: Data(bytes)) != nil }
    try #require(found.count == 1, "\(found.count) files hold the bytes")
    return found[0]
}

/// Changes one bit of a file.
func flip(_ path: String, at offset: Int) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(offset))
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: Data([byte ^ 0x10]))
}

/// Every key of a storage, page by page.
func allKeys(_ storage: some StorageEffects, prefix: String = "") async throws(EffectError) -> [StorageKey] {
    var keys: [StorageKey] = []
    var after: StorageKey?
    repeat {
        let page = try await storage.list(prefix: prefix, after: after, limit: 10_000)
        keys += page.items.map(\.key)
        after = page.next
    } while after != nil
    return keys
}

/// The error that `body` throws.
func thrownError(_ body: () async throws(EffectError) -> Void) async -> EffectError? {
    do throws(EffectError) {
        try await body()
        return nil
    } catch {
        return error
    }
}

/// A worker process and what it printed so far.
final class WorkerProcess {
    private let process = Process()
    private let output: FileHandle
    private var pending = ""

    init(_ arguments: String...) throws {
        let pipe = Pipe()
        output = pipe.fileHandleForReading
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: runner).deletingLastPathComponent()
        process.executableURL = folder.appendingPathComponent("storage-worker")
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.standardError
        try process.run()
    }

    /// The next line; `nil` at the end.
    func line() -> String? {
        while !pending.contains("\n") {
            let data = output.availableData
            if data.isEmpty { return nil }
            pending += String(decoding: data, as: UTF8.self)
        }
        let end = pending.firstIndex(of: "\n") ?? pending.endIndex
        defer { pending = String(pending[pending.index(after: end)...]) }
        return String(pending[..<end])
    }

    /// The next lines up to the first that begins with `prefix`, or up to the end.
    func lines(through prefix: String) -> [String] {
        var lines: [String] = []
        while let line = line() {
            lines.append(line)
            if line.hasPrefix(prefix) { break }
        }
        return lines
    }

    /// The lines that are left; a last one without its end was not reported.
    func remainingLines() -> [String] {
        let text = pending + String(decoding: output.readDataToEndOfFile(), as: UTF8.self)
        pending = ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
    }

    @discardableResult
    func waitForExit() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// SplitMix64, Steele, Lea and Flood 2014.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state &>> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed &>> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed &>> 31
    }
}

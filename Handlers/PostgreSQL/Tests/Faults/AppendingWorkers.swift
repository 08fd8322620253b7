#if PostgreSQL
internal import AuraEffects
internal import Foundation
internal import Synchronization
internal import Testing

/// Processes that append to one journal until they are killed, and what they said.
final class AppendingWorkers {
    /// What a worker was told: the entry is kept.
    struct Acknowledgement: Hashable {
        var id: String
        var position: String
    }

    private let processes: [Process]
    private let outputs: [Output]

    /// The lines of one worker, taken in on a thread of its own so that its pipe never fills up.
    private final class Output: Sendable {
        private let state = Mutex<(bytes: Data, isFinished: Bool)>((Data(), false))

        init(_ handle: FileHandle) {
            let descriptor = handle.fileDescriptor
            Thread {
                // The handle is kept open by this closure.
                defer { try? handle.close() }
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = unsafe read(descriptor, &buffer, buffer.count)
                    guard count > 0 else { break }
                    self.state.withLock { $0.bytes.append(contentsOf: buffer[..<count]) }
                }
                self.state.withLock { $0.isFinished = true }
            }
            .start()
        }

        /// The whole lines so far; a last one without its end was not reported.
        var lines: [String] {
            let bytes = state.withLock { $0.bytes }
            guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
            return String(decoding: bytes[...end], as: UTF8.self).split(separator: "\n").map(String.init)
        }

        var isFinished: Bool { state.withLock { $0.isFinished } }
    }

    /// Starts workers on a journal and waits until each has opened it.
    init(_ count: Int, tasks: Int, journal: String, url: String) async throws {
        var processes: [Process] = []
        var outputs: [Output] = []
        for _ in 0..<count {
            let process = Process()
            let pipe = Pipe()
            // The test runner stands in the same folder as the products.
            let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent()
                .appendingPathComponent("postgresql-worker")
            process.arguments = ["append", Self.profile(journal), "\(tasks)"]
            process.environment = ["DATABASE_URL": url]
            process.standardOutput = pipe
            process.standardError = FileHandle.standardError
            try process.run()
            processes.append(process)
            outputs.append(Output(pipe.fileHandleForReading))
        }
        self.processes = processes
        self.outputs = outputs
        try await until("the workers have opened the journal") { outputs.allSatisfy { $0.lines.first == "ready" } }
    }

    private static func profile(_ journal: String) -> String {
        """
        profile: worker
        environment: server
        journal: { handler: postgresql, url: "${secret:DATABASE_URL}", \(journal) }
        time: { handler: system }
        random: { handler: system }
        """
    }

    deinit {
        for process in processes where process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    /// What was acknowledged so far.
    var acknowledged: [Acknowledgement] {
        outputs.flatMap(\.lines)
            .compactMap { line in
                let words = line.split(separator: " ")
                guard words.count == 3, words[0] == "ack" else { return nil }
                return Acknowledgement(id: String(words[1]), position: String(words[2]))
            }
    }

    /// What was refused so far, each with code and outcome first.
    var refused: [String] {
        outputs.flatMap(\.lines).filter { $0.hasPrefix("refused") || $0.hasPrefix("error") }
    }

    /// Waits until each worker has been given more receipts.
    func makeProgress(_ count: Int = 5) async throws {
        let before = outputs.map { $0.lines.count { $0.hasPrefix("ack") } }
        try await until("each worker goes on") {
            zip(outputs, before)
                .allSatisfy { output, before in
                    output.lines.count { $0.hasPrefix("ack") } >= before + count
                }
        }
    }

    /// Kills one worker.
    func kill(_ index: Int) {
        Foundation.kill(processes[index].processIdentifier, SIGKILL)
    }

    /// Stops one worker wherever it is, until it is told to continue.
    func stop(_ index: Int) {
        Foundation.kill(processes[index].processIdentifier, SIGSTOP)
    }

    /// Lets a worker go on that was stopped.
    func `continue`(_ index: Int) {
        Foundation.kill(processes[index].processIdentifier, SIGCONT)
    }

    /// Kills all, and waits until everything that they said has come.
    func killAll() async throws {
        for index in processes.indices { kill(index) }
        for process in processes { process.waitUntilExit() }
        try await until("the workers' output has ended") { outputs.allSatisfy(\.isFinished) }
    }
}

/// Looks every few milliseconds until `isTrue`, for at most a minute.
func until(_ what: String, _ isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !isTrue() {
        try #require(ContinuousClock.now < deadline, "not within a minute: \(what)")
        try await Task.sleep(for: .milliseconds(5))
    }
}
#endif

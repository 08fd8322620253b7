extension PlantedBug {
    /// Tasks need not begin in the order in which they were made.
    public static let unorderedTasks = PlantedBug(
        name: "order of unstructured tasks",
        fault: "Each line is logged by a task of its own, as if tasks ran in the order in which they were made.",
        buggy: { try await logLines(with: TaskLogger()) },
        fixed: { try await logLines(with: StreamLogger()) }
    )
}

private actor LogFile {
    private(set) var lines: [Int] = []

    func write(_ line: Int) {
        lines.append(line)
    }
}

private protocol Logger: Sendable {
    var file: LogFile { get }
    func log(_ line: Int)
}

private struct TaskLogger: Logger {
    let file = LogFile()

    func log(_ line: Int) {
        Task { await file.write(line) }
    }
}

private final class StreamLogger: Logger {
    let file = LogFile()
    private let lines: AsyncStream<Int>.Continuation

    init() {
        let (stream, continuation) = AsyncStream<Int>.makeStream()
        lines = continuation
        Task { [file] in
            for await line in stream { await file.write(line) }
        }
    }

    func log(_ line: Int) {
        lines.yield(line)
    }
}

private func logLines(with logger: some Logger) async throws {
    for line in 1...3 { logger.log(line) }
    try await Task.sleep(for: .seconds(1))
    let lines = await logger.file.lines
    try require(lines == [1, 2, 3], "the lines 1, 2, 3 were written as \(lines)")
}

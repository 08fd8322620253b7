internal import Synchronization

/// The lines of a recording on their way to its file.
///
/// Lines are chained and collected under one lock; whoever calls ``writeCollected()`` writes them, under another one. The
/// first failure to write ends the recording; what is recorded is not what the application depends on.
final class RecordingFile: Sendable {
    /// Why no more lines are taken.
    enum End: Hashable {
        case closed(RecordingEnd)
        case failed(OutputFile.Failure)
    }

    /// What happened to a line.
    enum Outcome {
        case collected
        /// It was collected, and there is so much that it should be written now.
        case enough
        /// It was collected, and there is so much that the caller should wait until it is written.
        case tooMuch
        /// It was left out: the recording has ended.
        case ended
    }

    /// So much is written at once.
    static let batchByteCount = 256 * 1024
    /// Callers wait until what is collected is written where there is more.
    static let mostCollected = 8 * 1024 * 1024
    /// Kept free for the closing line.
    private static let closingByteCount = 256

    private let output: Mutex<OutputFile>
    private let lines = Mutex(Lines())
    private let limit: Int

    init(_ output: OutputFile, limit: Int) {
        self.output = Mutex(output)
        self.limit = limit
    }

    /// How many calls were recorded.
    var callCount: Int { lines.withLock(\.callCount) }

    /// Why the recording has ended; `nil` while it goes on.
    var end: End? { lines.withLock(\.end) }

    /// Adds a line.
    ///
    /// - Parameters:
    ///   - line: The line from its brace on, without its check.
    ///   - isCall: Whether it is a call's; the header is none.
    /// - Returns: What happened to it.
    func append(_ line: [UInt8], isCall: Bool = true) -> Outcome {
        lines.withLock { lines in
            guard lines.end == nil else { return .ended }
            guard !isCall || lines.byteCount + line.count + Self.closingByteCount <= limit else {
                lines.close(.limit)
                return .ended
            }
            let hadEnough = lines.collected.count >= Self.batchByteCount
            lines.add(line)
            if isCall { lines.callCount += 1 }
            if lines.collected.count > Self.mostCollected { return .tooMuch }
            return !hadEnough && lines.collected.count >= Self.batchByteCount ? .enough : .collected
        }
    }

    /// Ends the recording; what was collected is still to be written.
    func close() {
        lines.withLock { lines in
            if lines.end == nil { lines.close(.done) }
        }
    }

    /// Writes what was collected; blocks.
    func writeCollected() {
        output.withLock { output in
            let bytes = lines.withLock { lines in
                defer { lines.collected = [] }
                return lines.collected
            }
            guard !bytes.isEmpty else { return }
            do throws(OutputFile.Failure) {
                try output.append(bytes)
            } catch {
                fail(error)
            }
        }
    }

    /// Waits until what was written is on the disk; blocks.
    func sync() {
        output.withLock { output in
            do throws(OutputFile.Failure) {
                try output.sync()
            } catch {
                fail(error)
            }
        }
    }

    private func fail(_ failure: OutputFile.Failure) {
        lines.withLock { lines in
            if case .failed = lines.end { return }
            lines.end = .failed(failure)
            lines.collected = []
        }
    }
}

extension RecordingFile {
    fileprivate struct Lines {
        var collected: [UInt8] = []
        var check: UInt64 = 0
        var byteCount = 0
        var callCount = 0
        var end: End?

        mutating func add(_ line: [UInt8]) {
            unsafe line.withUnsafeBytes { unsafe check = RecordingFormat.check($0, after: check) }
            collected.append(contentsOf: line)
            collected.append(RecordingFormat.checkStart)
            collected.append(hex: check)
            collected.append(RecordingFormat.checkEnd)
            byteCount += line.count + RecordingFormat.checkByteCount
        }

        mutating func close(_ reason: RecordingEnd) {
            var line: [UInt8] = []
            line.append("{\"end\":")
            line.append(jsonString: reason.rawValue)
            line.append(",\"calls\":")
            line.append(decimal: callCount)
            add(line)
            end = .closed(reason)
        }
    }
}

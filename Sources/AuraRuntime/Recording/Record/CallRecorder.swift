internal import AuraEffects
internal import Logging
internal import Synchronization

/// Records calls in a file, written by a thread of its own.
final class CallRecorder: Sendable {
    private let file: RecordingFile
    private let path: String
    private let thread: RecordingThread
    private let tasks = TaskOwner()
    private let wake: AsyncStream<Void>.Continuation
    private let encodings = EncodingPool()
    private let logger: Logger
    private let isReported = Mutex(false)

    /// Makes a recording.
    ///
    /// - Parameters:
    ///   - options: Where, and how large it may become.
    ///   - header: What is recorded.
    ///   - time: Says when a second has passed, so that what was recorded is written; its calls are not recorded. Without
    ///     it that happens when there is enough, and at the end.
    ///   - logger: Is told where the recording ends early.
    ///   - executors: Makes the thread that writes.
    /// - Throws: ``RecordingFailure`` where the file cannot be made.
    init(
        _ options: RecordingOptions,
        _ header: RecordingHeader,
        time: (any TimeEffects)?,
        logger: Logger,
        executors: HandlerExecutorFactory = .threads
    ) throws(RecordingFailure) {
        file = RecordingFile(try Self.output(options), limit: options.limit.bytes)
        path = options.path
        self.logger = logger
        let file = file
        let thread = RecordingThread(executors.makeExecutor(label: "recording"))
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.thread = thread
        wake = continuation
        let encoding = ValueEncoding()
        if encoding.write(header) == nil {
            _ = file.append(Array(encoding.bytes.dropLast()), isCall: false)
        }
        tasks.start {
            for await _ in stream { await thread.write(file) }
        }
        guard let time else { return }
        tasks.start {
            while (try? await time.sleep(for: .seconds(1))) != nil { continuation.yield() }
        }
    }

    private static func output(_ options: RecordingOptions) throws(RecordingFailure) -> OutputFile {
        do throws(OutputFile.Failure) {
            return try OutputFile(options.path, replaces: options.replaces)
        } catch {
            let reason =
                switch error {
                case .exists: "there is a file already: name another one, or give --replace-recording to overwrite it"
                case .full: "the disk is full: free space, or name a file on another disk"
                case .other(let message): "\(message): name a file in a folder that you may write to"
                }
            throw RecordingFailure(.notWritable, "The recording '\(options.path)' cannot be made: \(reason).")
        }
    }

    /// How many calls were recorded.
    var callCount: Int { file.callCount }

    /// Records how a call ended; waits while the file is far behind.
    func record(_ call: EffectCall, of instance: String, _ outcome: Result<EffectAnswer, EffectError>) async {
        if append(call, instance, outcome) == .tooMuch { await thread.write(file) }
    }

    /// Records how a call that answers at once ended.
    func recordSynchronously(_ call: EffectCall, of instance: String, _ answer: EffectAnswer) {
        // Nothing can be waited for here: the caller itself writes, as the last resort against memory without bound.
        if append(call, instance, .success(answer)) == .tooMuch { file.writeCollected() }
    }

    private func append(
        _ call: EffectCall,
        _ instance: String,
        _ outcome: Result<EffectAnswer, EffectError>
    ) -> RecordingFile.Outcome {
        if file.end != nil {
            reportEnd()
            return .ended
        }
        let encoding = encodings.take()
        defer { encodings.put(encoding) }
        let line = CallLine(encoding)
        encoding.bytes.append(UInt8(ascii: "{"))
        line.appendKey(call, instance: instance, task: EffectScope.currentPath)
        if !call.arguments.isEmpty {
            encoding.bytes.append(",\"arguments\":")
            line.appendArguments(call.arguments)
        }
        switch outcome {
        case .success(let answer): line.append(answer: answer)
        case .failure(let error):
            line.append(error: error, isCancelled: error.code == .cancelled && Task.isCancelled)
        }
        let result = file.append(encoding.bytes)
        switch result {
        case .collected, .tooMuch: break
        case .enough: wake.yield()
        case .ended: reportEnd()
        }
        return result
    }

    /// Writes what is left, and ends the thread's work.
    func finish() async {
        file.close()
        tasks.cancel()
        wake.finish()
        await tasks.wait()
        await thread.finish(file)
        reportEnd()
    }

    /// Says once where the recording ends before the application does.
    private func reportEnd() {
        guard let end = file.end, end != .closed(.done),
            !isReported.withLock({ wasReported in
                defer { wasReported = true }
                return wasReported
            })
        else { return }
        let reason =
            switch end {
            case .failed(.full): "the disk is full"
            case .failed(.other(let message)): "its file cannot be written: \(message)"
            case .failed(.exists), .closed: "it has reached its limit; --record-limit sets a larger one"
            }
        logger.warning(
            "The recording '\(path)' ends after \(file.callCount) calls: \(reason). The application goes on unrecorded."
        )
    }
}

/// The thread that writes a recording.
private actor RecordingThread {
    private let executor: any SerialExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ executor: any SerialExecutor) {
        self.executor = executor
    }

    func write(_ file: RecordingFile) {
        file.writeCollected()
    }

    func finish(_ file: RecordingFile) {
        file.writeCollected()
        file.sync()
    }
}

/// Encodings that are used again, with their memory.
private final class EncodingPool: Sendable {
    private static let mostKept = 16
    private static let mostBytesKept = 64 * 1024

    // Safe to send: an encoding is with the pool or with one caller, never both.
    private struct Free: @unchecked Sendable {
        var encodings: [ValueEncoding] = []
    }

    private let free = Mutex(Free())

    func take() -> ValueEncoding {
        free.withLock { $0.encodings.popLast() } ?? ValueEncoding()
    }

    func put(_ encoding: ValueEncoding) {
        guard encoding.bytes.capacity <= Self.mostBytesKept else { return }
        encoding.bytes.removeAll(keepingCapacity: true)
        free.withLock { free in
            if free.encodings.count < Self.mostKept { free.encodings.append(encoding) }
        }
    }
}

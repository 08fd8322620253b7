#if PostgreSQL
internal import AuraRuntime
internal import Synchronization

/// Sends a session's requests to end a statement, away from the thread that waits for the statement's answer.
///
/// libpq bounds such a request only by the network's own time-outs, and a server that hangs may keep it for ever. The
/// session does not wait for it that long, and is then given up.
final class StatementCanceller: Sendable {
    private let executors: HandlerExecutorFactory
    private let label: String
    private let input = Mutex<AsyncStream<CancelRequest>.Continuation?>(nil)
    private let owner = TaskOwner()

    /// Creates a canceller, which takes an executor once it is needed.
    init(_ executors: HandlerExecutorFactory, label: String) {
        self.executors = executors
        self.label = label
    }

    /// Sends a request, without waiting.
    func send(_ request: CancelRequest) {
        input.withLock { input in
            if input == nil {
                let (requests, continuation) = AsyncStream.makeStream(of: CancelRequest.self)
                let sender = Sender(executors.makeExecutor(label: label))
                owner.start { await sender.run(requests) }
                input = continuation
            }
            input?.yield(request)
        }
    }

    /// Sends no further request.
    func finish() {
        input.withLock { $0?.finish() }
    }

    private actor Sender {
        private let executor: any SerialExecutor

        nonisolated var unownedExecutor: UnownedSerialExecutor {
            unsafe executor.asUnownedSerialExecutor()
        }

        init(_ executor: any SerialExecutor) {
            self.executor = executor
        }

        func run(_ requests: AsyncStream<CancelRequest>) async {
            for await request in requests { request.send() }
        }
    }
}
#endif

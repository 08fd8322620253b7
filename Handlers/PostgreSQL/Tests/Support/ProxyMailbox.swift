#if PostgreSQL
internal import Foundation
internal import Synchronization

/// What other threads want of the proxy's loop, which alone touches the sockets.
final class ProxyMailbox: Sendable {
    typealias Message = @Sendable (ProxyLoop) -> Void

    /// Readable where a message may be waiting.
    let wakeUp: Int32
    private let waker: Int32
    private let messages = Mutex<[Message]>([])

    init() throws {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw ProxyFailure("pipe") }
        for end in ends { ProxySocket.makeOwn(end) }
        (wakeUp, waker) = (ends[0], ends[1])
    }

    deinit {
        close(wakeUp)
        close(waker)
    }

    func post(_ message: @escaping Message) {
        messages.withLock { $0.append(message) }
        // A full pipe wakes the loop as well.
        _ = unsafe write(waker, [1], 1)
    }

    /// Waits for an answer of the loop, which takes some microseconds.
    @discardableResult
    func ask<Answer: Sendable>(_ question: @escaping @Sendable (ProxyLoop) -> Answer) -> Answer {
        let answered = DispatchSemaphore(value: 0)
        let answer = AnswerBox<Answer>()
        post { loop in
            answer.value.withLock { $0 = question(loop) }
            answered.signal()
        }
        answered.wait()
        guard let value = answer.value.withLock({ $0 }) else { preconditionFailure("the loop answered nothing") }
        return value
    }

    /// The messages so far, in their order.
    func take() -> [Message] {
        var bytes: [UInt8] = Array(repeating: 0, count: 64)
        while unsafe read(wakeUp, &bytes, bytes.count) > 0 {}
        return messages.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

private final class AnswerBox<Answer: Sendable>: Sendable {
    let value = Mutex<Answer?>(nil)
}

/// A call of the system that failed, where no fault was asked for.
struct ProxyFailure: Error, CustomStringConvertible {
    let description: String

    init(_ call: String) {
        description = unsafe "\(call): \(String(cString: strerror(errno)))"
    }
}
#endif

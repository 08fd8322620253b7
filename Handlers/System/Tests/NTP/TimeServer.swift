internal import Foundation
internal import Synchronization

@testable internal import AuraSystem

/// A time server of the test's own, which can do what no sound server does.
final class TimeServer: Sendable {
    /// What it does with a question.
    enum Conduct: Sendable {
        /// Says the machine's time with an error.
        case time(error: Duration)
        /// Says that it does not want to be asked.
        case kiss(String)
        /// Says that it does not know the time.
        case unsynchronized
        /// Answers twice, first with a wrong time to a question that nobody asked, as a forger does who did not see it.
        case forged(error: Duration)
        /// Answers the truth behind so many answers to other questions.
        case flood(Int)
        /// Answers nothing.
        case silence
    }

    private let descriptor: Int32
    let port: UInt16
    private let conduct: Mutex<Conduct>
    private let received = Mutex<[[UInt8]]>([])
    private let isStopped = Atomic(false)
    private let sentAnswers = Atomic(0)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ conduct: Conduct = .time(error: .zero)) throws {
        self.conduct = Mutex(conduct)
        (descriptor, port) = try Loopback.boundSocket()
        Thread.detachNewThread { [self] in serve() }
    }

    var name: NTPServerName {
        get throws { try Loopback.name(port) }
    }

    /// The questions so far.
    var questions: [[UInt8]] { received.withLock { $0 } }

    /// Whether it has sent all its answers to a question.
    var hasAnswered: Bool { sentAnswers.load(ordering: .relaxed) > 0 }

    func behave(_ conduct: Conduct) {
        self.conduct.withLock { $0 = conduct }
    }

    /// Ends the server and its thread.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        hasEnded.wait()
    }

    private func serve() {
        while !isStopped.load(ordering: .relaxed) {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&polled, 1, 50) == 1 { answerOne() }
        }
        close(descriptor)
        hasEnded.signal()
    }

    private func answerOne() {
        var buffer = [UInt8](repeating: 0, count: 1024)
        var client = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = unsafe withUnsafeMutablePointer(to: &client) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe recvfrom(descriptor, &buffer, buffer.count, 0, address, &length)
            }
        }
        guard count >= 0, let question = NTPPacket(buffer.prefix(count)) else { return }
        received.withLock { $0.append(Array(buffer.prefix(count))) }
        for answer in answers(to: question) {
            _ = unsafe withUnsafePointer(to: &client) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe sendto(descriptor, answer.bytes, answer.bytes.count, 0, address, length)
                }
            }
        }
        sentAnswers.add(1, ordering: .relaxed)
    }

    private func answers(to question: NTPPacket) -> [NTPPacket] {
        switch conduct.withLock({ $0 }) {
        case .time(let error): return [answer(to: question, error)]
        case .kiss(let code):
            var answer = answer(to: question, .zero)
            answer.stratum = 0
            answer.referenceID = code.utf8.reduce(0) { $0 << 8 | UInt32($1) }
            return [answer]
        case .unsynchronized:
            var answer = answer(to: question, .zero)
            answer.leap = NTPPacket.unknownLeap
            return [answer]
        case .forged(let error):
            var forged = answer(to: question, error)
            forged.origin = NTPTimestamp(rawValue: question.transmit.rawValue ^ 1)
            return [forged, answer(to: question, .zero)]
        case .flood(let count):
            var forged = answer(to: question, .zero)
            forged.origin = NTPTimestamp(rawValue: question.transmit.rawValue ^ 1)
            return Array(repeating: forged, count: count) + [answer(to: question, .zero)]
        case .silence: return []
        }
    }

    private func answer(to question: NTPPacket, _ error: Duration) -> NTPPacket {
        var answer = NTPPacket(mode: NTPPacket.serverMode, stratum: 1, precision: -20)
        let now = MachineClock.shared.systemNow + Int64(error / .nanoseconds(1))
        answer.origin = question.transmit
        answer.receive = NTPTimestamp(nanosecondsSinceEpoch: now)
        answer.transmit = answer.receive
        return answer
    }
}

/// UDP ports of this machine alone.
enum Loopback {
    /// A socket on a port; by default a free one.
    static func boundSocket(to port: UInt16 = 0) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        guard status else {
            close(descriptor)
            throw POSIXError(.EADDRNOTAVAIL)
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// A port that nobody uses at present.
    static func freePort() throws -> UInt16 {
        let (descriptor, port) = try boundSocket()
        close(descriptor)
        return port
    }

    /// Whether nobody uses a port at present.
    static func isFree(_ port: UInt16) -> Bool {
        guard let (descriptor, _) = try? boundSocket(to: port) else { return false }
        close(descriptor)
        return true
    }

    static func name(_ port: UInt16) throws -> NTPServerName {
        guard let name = NTPServerName("127.0.0.1:\(port)") else { throw POSIXError(.EINVAL) }
        return name
    }
}

internal import AuraEffects
internal import Synchronization

/// What interceptors and observers saw, in its order.
final class CallLog: Sendable {
    private let noted = Mutex<[String]>([])

    var lines: [String] { noted.withLock { $0 } }

    func note(_ line: String) {
        noted.withLock { $0.append(line) }
    }
}

/// Notes every call on its way in and out.
struct Noting: SynchronousInterceptor {
    var name: String
    var log: CallLog
    var readsArguments = false

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        let arguments = call.arguments.map { " \($0.name)=\($0.value)" }.joined()
        log.note("\(name) > \(call.operation) '\(call.resource)'\(arguments)")
        do throws(EffectError) {
            let answer = try await next()
            log.note("\(name) < \(answer.value)")
            return answer
        } catch {
            log.note("\(name) < \(error.code)")
            throw error
        }
    }

    func interceptSynchronously(
        _ call: EffectCall,
        answering type: EffectAnswerType,
        _ next: () -> EffectAnswer
    ) -> EffectAnswer {
        log.note("\(name) > \(call.operation)")
        return next()
    }
}

/// Takes part in calls with a closure.
struct Custom: Interceptor {
    typealias Body = @Sendable (EffectCall, EffectContinuation) async throws(EffectError) -> EffectAnswer

    var name = "custom"
    var body: Body

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        try await body(call, next)
    }
}

/// Notes when calls begin and end, and how long they took.
struct Watching: EffectObserver {
    let name = "watching"
    var measuresTime = true
    var log: CallLog

    func began(_ call: EffectCall) {
        log.note("began \(call.operation)")
    }

    func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?) {
        let failure = error.map { ": \($0.code)" } ?? ""
        log.note("ended \(call.operation) after \(duration)\(failure)")
    }
}

extension EffectSystem {
    /// A system in which one family's handler has a chain around it.
    static func intercepted<Key: EffectKey>(
        _ key: Key.Type,
        _ handler: Key.Handler,
        observers: [any EffectObserver] = [],
        with interceptors: [any Interceptor] = []
    ) -> EffectSystem {
        var system = EffectSystem()
        system.time = FixedTime(milliseconds: 0)
        system[key] = handler
        system.intercept(key, handler: "memory", observers: observers, with: interceptors)
        return system
    }
}

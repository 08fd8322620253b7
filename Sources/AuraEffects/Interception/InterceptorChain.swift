/// What surrounds the operations of one handler: observers outermost, then interceptors in their order, then the handler.
///
/// It is composed once per handler; the generated handlers call it.
public final class InterceptorChain: Sendable {
    /// The handler that the chain surrounds.
    public let target: EffectTarget

    /// Who watches.
    @usableFromInline let observer: any EffectObserver

    /// Who takes part, the outermost first.
    public let interceptors: [any Interceptor]

    /// Those of the interceptors that take part in operations which answer at once.
    public let synchronousInterceptors: [any SynchronousInterceptor]

    /// Whether an interceptor reads the arguments of calls.
    public let readsArguments: Bool

    /// Whether an observer wants to know how long calls take.
    @usableFromInline let measuresTime: Bool
    @usableFromInline let time: any TimeEffects

    /// Composes a chain.
    ///
    /// - Parameters:
    ///   - target: The handler that the chain surrounds.
    ///   - observers: Who watches.
    ///   - interceptors: Who takes part, the outermost first.
    ///   - time: The clock of observers that measure time.
    public init(
        of target: EffectTarget,
        observers: [any EffectObserver] = [],
        interceptors: [any Interceptor] = [],
        time: any TimeEffects
    ) {
        self.target = target
        observer = observers.count == 1 ? observers[0] : ObserverGroup(observers)
        self.interceptors = interceptors
        synchronousInterceptors = interceptors.compactMap { $0 as? any SynchronousInterceptor }
        readsArguments = interceptors.contains(where: \.readsArguments)
        measuresTime = observer.measuresTime
        self.time = time
    }

    /// Whether nobody takes part, so that a handler may be called directly between ``began(_:)`` and ``ended(_:since:with:)``.
    @inlinable
    public var onlyObserves: Bool { interceptors.isEmpty }

    /// Whether anybody takes part in operations that answer at once.
    @inlinable
    public var interceptsSynchronousCalls: Bool { !synchronousInterceptors.isEmpty }

    /// A call of the chain's handler.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - resource: What the call is about.
    ///   - isIdempotent: Whether it may be repeated after its outcome is unknown.
    ///   - isRepeatable: Whether its arguments serve for another attempt.
    ///   - arguments: The arguments; not asked for unless an interceptor reads them.
    /// - Returns: The call.
    @inlinable
    public func call(
        _ operation: EffectOperation,
        resource: String = "",
        isIdempotent: Bool = false,
        isRepeatable: Bool = true,
        arguments: @autoclosure () -> [EffectArgument] = []
    ) -> EffectCall {
        EffectCall(
            operation,
            resource: resource,
            isIdempotent: isIdempotent,
            isRepeatable: isRepeatable,
            arguments: readsArguments ? arguments() : []
        )
    }

    // MARK: Observing

    /// Tells the observers that a call begins.
    ///
    /// - Returns: When it began, for ``ended(_:since:with:)``.
    @inlinable
    public func began(_ call: EffectCall) -> MonotonicInstant {
        observer.began(call)
        return measuresTime ? time.monotonicNow : MonotonicInstant(nanoseconds: 0)
    }

    /// Tells the observers that a call has ended.
    @inlinable
    public func ended(_ call: EffectCall, since start: MonotonicInstant, with error: EffectError? = nil) {
        let duration = measuresTime ? start.duration(to: time.monotonicNow) : .zero
        observer.ended(call, after: duration, with: error)
    }

    // MARK: Calling

    /// Carries out a call through the interceptors; observers see it.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - perform: Calls the handler.
    /// - Returns: The answer.
    /// - Throws: ``EffectError`` of the handler, or of an interceptor.
    @inlinable
    public func perform<Answer: Sendable>(
        _ call: EffectCall,
        _ perform: @escaping @Sendable () async throws(EffectError) -> Answer
    ) async throws(EffectError) -> Answer {
        @Sendable func answer() async throws(EffectError) -> EffectAnswer { AnswerOf(try await perform()) }
        return try await intercept(call, answer)
    }

    /// Carries out a call through the interceptors, for generated handlers, whose `perform` wraps its answer itself.
    @inlinable
    @inline(__always)
    public func intercept<Answer: Sendable>(
        _ call: EffectCall,
        _ perform: @escaping @Sendable () async throws(EffectError) -> EffectAnswer
    ) async throws(EffectError) -> Answer {
        let start = began(call)
        let pending = PendingCall(call, answering: EffectAnswerType(Answer.self), interceptors, perform)
        do throws(EffectError) {
            let answer = try await EffectContinuation(pending, at: 0)()
            guard type(of: answer) == AnswerOf<Answer>.self else {
                throw EffectError(
                    .internal,
                    "An interceptor answered with \(type(of: answer)) where \(Answer.self) belongs.",
                    effect: call.operation.effect,
                    operation: call.operation.name,
                    handler: interceptors.map(\.name).joined(separator: ", ")
                )
            }
            ended(call, since: start)
            return unsafeDowncast(answer, to: AnswerOf<Answer>.self).typed
        } catch {
            ended(call, since: start, with: error)
            throw error
        }
    }

    /// Carries out a call of an operation that answers at once.
    @inlinable
    public func synchronous<Answer: Sendable>(
        _ call: @autoclosure () -> EffectCall,
        _ perform: @autoclosure () -> Answer
    ) -> Answer {
        guard interceptsSynchronousCalls else { return perform() }
        return intercept(call(), at: 0, perform)
    }

    @usableFromInline
    func intercept<Answer: Sendable>(_ call: EffectCall, at index: Int, _ perform: () -> Answer) -> Answer {
        guard index < synchronousInterceptors.count else { return perform() }
        let answer = synchronousInterceptors[index]
            .interceptSynchronously(call, answering: EffectAnswerType(Answer.self)) {
                AnswerOf(intercept(call, at: index + 1, perform))
            }
        guard let answer = answer as? AnswerOf<Answer> else {
            fatalError("\(synchronousInterceptors[index].name) answered \(call.operation) with \(type(of: answer))")
        }
        return answer.typed
    }

    /// A sequence whose elements pass the chain as they are asked for.
    @inlinable
    public func synchronous<Answer: InterceptableSequence>(
        _ call: @autoclosure () -> EffectCall,
        _ sequence: @autoclosure () -> Answer
    ) -> Answer {
        sequence().intercepted(by: self, as: call())
    }
}

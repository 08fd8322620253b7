/// A value around every operation of a handler: it may refuse a call, delay it, repeat it, or answer it itself.
///
/// What only watches calls is an ``EffectObserver``, which costs less.
///
/// ```swift
/// struct ReadOnly: Interceptor {
///     let name = "read-only"
///
///     func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
///         guard call.operation === StorageEffectsOperations.read else {
///             throw EffectError(.permissionDenied, "Only reading is allowed.")
///         }
///         return try await next()
///     }
/// }
/// ```
///
/// State lives in the interceptor, which is shared by all calls of a handler: it is safe to call from many tasks at once.
/// An error of its own making needs no effect, operation and handler: the chain fills them in, with the interceptor's name
/// as the handler.
public protocol Interceptor: Sendable {
    /// The name in messages and in `profile explain`.
    var name: String { get }

    /// Whether it reads ``EffectCall/arguments``; they are collected only where one does.
    var readsArguments: Bool { get }

    /// Carries out a call, or does not.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - next: The rest of the chain, with the handler at its end; call it never, once, or several times one after the
    ///     other.
    /// - Returns: The answer: what `next` returns, or one that `next` can make of a value.
    /// - Throws: ``EffectError``: what `next` throws, or one of the interceptor's.
    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer
}

extension Interceptor {
    /// `false`.
    public var readsArguments: Bool { false }
}

/// An interceptor of the operations that answer at once too: clocks, random numbers.
public protocol SynchronousInterceptor: Interceptor {
    /// Carries out a call, or does not.
    ///
    /// - Parameters:
    ///   - call: The call, whose operation is of the kind ``EffectOperation/Kind/synchronous``.
    ///   - type: The type of the answer.
    ///   - next: The rest of the chain, with the handler at its end.
    /// - Returns: The answer.
    func interceptSynchronously(
        _ call: EffectCall,
        answering type: EffectAnswerType,
        _ next: () -> EffectAnswer
    ) -> EffectAnswer
}

/// The rest of a chain of interceptors, with the handler at its end.
public struct EffectContinuation: Sendable {
    @usableFromInline let pending: PendingCall
    @usableFromInline let index: Int

    @inlinable
    init(_ pending: PendingCall, at index: Int) {
        self.pending = pending
        self.index = index
    }

    /// The type of the answer, for an interceptor that makes the answer itself.
    public var answerType: EffectAnswerType { pending.answerType }

    /// Carries out the rest of the chain.
    ///
    /// - Returns: The answer.
    /// - Throws: ``EffectError`` of the handler, or of an interceptor further in.
    @inlinable
    @inline(__always)
    public func callAsFunction() async throws(EffectError) -> EffectAnswer {
        let interceptors = pending.interceptors
        guard index < interceptors.count else {
            do throws(EffectError) {
                return try await pending.perform()
            } catch {
                throw error.ofHandler()
            }
        }
        do throws(EffectError) {
            return try await interceptors[index].intercept(pending.call, EffectContinuation(pending, at: index + 1))
        } catch {
            throw error.naming(interceptors[index], pending.call)
        }
    }
}

/// A call that is on its way through a chain.
@usableFromInline
final class PendingCall: Sendable {
    @usableFromInline let call: EffectCall
    @usableFromInline let answerType: EffectAnswerType
    @usableFromInline let interceptors: [any Interceptor]
    @usableFromInline let perform: @Sendable () async throws(EffectError) -> EffectAnswer

    @inlinable
    init(
        _ call: EffectCall,
        answering answerType: EffectAnswerType,
        _ interceptors: [any Interceptor],
        _ perform: @escaping @Sendable () async throws(EffectError) -> EffectAnswer
    ) {
        self.call = call
        self.answerType = answerType
        self.interceptors = interceptors
        self.perform = perform
    }
}

extension EffectError {
    /// The error with its place filled in where the interceptor that made it left that out.
    @usableFromInline
    func naming(_ interceptor: any Interceptor, _ call: EffectCall) -> EffectError {
        guard handler.isEmpty, maker == .unknown else { return self }
        var error = self
        if error.effect.isEmpty { error.effect = call.operation.effect }
        if error.operation.isEmpty { error.operation = call.operation.name }
        error.handler = interceptor.name
        return error
    }
}

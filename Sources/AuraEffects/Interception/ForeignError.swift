extension InterceptorChain {
    /// An error as interceptors see it, of a handler whose methods are `async throws` and throw errors of any type.
    ///
    /// An ``EffectError`` stays as it is, and a `CancellationError` becomes `cancelled`. Any other error becomes `internal`
    /// with the error as its ``EffectError/cause``. The caller of the handler gets the handler's own error, which is
    /// ``EffectError/original``.
    ///
    /// - Parameters:
    ///   - error: What the handler threw.
    ///   - call: The call that it threw it in.
    /// - Returns: The error for interceptors and observers.
    public func foreign(_ error: any Error, in call: EffectCall) -> EffectError {
        if let error = error as? EffectError { return error }
        let isCancellation = error is CancellationError
        var foreign = EffectError(
            isCancellation ? .cancelled : .internal,
            isCancellation ? "The task was cancelled." : "The handler threw an error of the type \(type(of: error)).",
            effect: call.operation.effect,
            operation: call.operation.name,
            handler: target.handler,
            cause: error
        )
        foreign.maker = .foreignHandler
        return foreign
    }
}

extension EffectError {
    /// The handler's own error where a chain of interceptors made this one of it, otherwise this one.
    public var original: any Error {
        guard maker == .foreignHandler, let cause else { return self }
        return cause
    }

    /// The error as the handler's, so that no interceptor is taken for its maker.
    @usableFromInline
    func ofHandler() -> EffectError {
        guard maker == .unknown else { return self }
        var error = self
        error.maker = .handler
        return error
    }
}

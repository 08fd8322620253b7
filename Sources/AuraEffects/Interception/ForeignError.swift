extension EffectError {
    /// An error as interceptors see it, of a handler whose methods are `async throws` and throw errors of any type.
    ///
    /// An ``EffectError`` stays as it is, and a `CancellationError` becomes `cancelled`. Any other error becomes `internal`
    /// with the error as its ``cause``. The caller of the handler gets the handler's own error: ``original``.
    ///
    /// - Parameters:
    ///   - error: What the handler threw.
    ///   - call: The call that it threw it in.
    public init(foreign error: any Error, in call: EffectCall) {
        if let error = error as? EffectError {
            self = error
            return
        }
        let isCancellation = error is CancellationError
        self.init(
            isCancellation ? .cancelled : .internal,
            isCancellation ? "The task was cancelled." : "The handler threw an error of the type \(type(of: error)).",
            effect: call.operation.effect,
            operation: call.operation.name,
            handler: call.target.handler,
            cause: error
        )
        isForeign = true
    }

    /// The handler's own error where this one was made of it, otherwise this one.
    public var original: any Error {
        guard isForeign, let cause else { return self }
        return cause
    }
}

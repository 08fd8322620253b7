#if os(Linux)
public import AuraRuntime

extension HandlerExecutorFactory {
    /// Executors of the simulation that the caller runs in: a blocking call on one is a step of it.
    ///
    /// For handlers that are made without a ``World``; it is to be used inside a simulation only.
    public static var simulated: HandlerExecutorFactory {
        let scheduler = Scheduler.running
        return HandlerExecutorFactory { label in scheduler.makeHandlerQueue(label: label) }
    }
}
#endif

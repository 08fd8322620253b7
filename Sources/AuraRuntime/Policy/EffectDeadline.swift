public import AuraEffects

/// The moment by which the call that a task works for has to be answered.
///
/// A policy sets it for the attempt that it begins, so that a handler which calls other effects passes it on without
/// knowing: their policies use the earlier of this moment and their own.
public enum EffectDeadline {
    /// The moment on the monotonic clock of the effect system's time; `nil` where nothing limits the call.
    @TaskLocal public static var current: MonotonicInstant?
}

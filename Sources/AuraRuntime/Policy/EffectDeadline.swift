public import AuraEffects

/// The moment by which the call that a task works for has to be answered.
///
/// A policy sets it for the attempt that it begins, so that a handler which calls other effects passes it on without
/// knowing: their policies use the earlier of this moment and their own.
public enum EffectDeadline {
    // No optional: the runtime looks up a generic type's metadata at every binding.
    @TaskLocal static var moment = MonotonicInstant.distantFuture

    /// The moment on the monotonic clock of the effect system's time; `nil` where nothing limits the call.
    public static var current: MonotonicInstant? {
        moment < .distantFuture ? moment : nil
    }

    /// Calls a function with an earlier deadline: calls of effects within it end by then, where they have a policy.
    ///
    /// - Parameters:
    ///   - moment: The moment; the current deadline stays where it is the earlier one.
    ///   - body: What to call.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func by<Value>(
        _ moment: MonotonicInstant,
        _ body: () async throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        // A task-local's binding passes errors on untyped.
        let result = await $moment.withValue(min(moment, Self.moment)) {
            do throws(EffectError) {
                return Result<Value, EffectError>.success(try await body())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

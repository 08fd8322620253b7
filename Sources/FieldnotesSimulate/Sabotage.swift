internal import AuraRuntime

/// Something that is broken on purpose.
struct Sabotage: Sendable {
    /// What surrounds the handlers.
    var layers: [InterceptionLayer]
}

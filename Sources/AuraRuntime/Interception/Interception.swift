internal import AuraEffects

/// What surrounds the handlers of an assembly: what the profile says, and the application's own layers.
public struct Interception: Sendable {
    private let layers: [InterceptionLayer]

    /// Reads what a profile says.
    ///
    /// - Parameters:
    ///   - document: The profile.
    ///   - layers: The application's own layers.
    ///   - operations: The operations of the profile's handlers.
    ///   - problems: Gets what is wrong.
    init(
        of document: ProfileDocument,
        layers: [InterceptionLayer],
        operations: [EffectOperation],
        problems: inout [ProfileError]
    ) {
        self.layers = layers
    }

    /// What surrounds one handler; nothing where its family has no generated handlers.
    func surroundings(of context: InterceptionContext) -> Surroundings {
        guard !context.operations.isEmpty else { return Surroundings() }
        return layers.filter { $0.surrounds(context.target.effect) }
            .reduce(Surroundings()) { $0 + $1.make(context) }
    }
}

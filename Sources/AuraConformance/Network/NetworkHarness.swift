public import AuraEffects

/// Makes the networks that ``NetworkLaw``s are checked on: nodes that can reach each other.
public protocol NetworkHarness: ConformanceHarness where Handler == [any NetworkEffects] {
    /// Makes three nodes with different names, each of which can reach the others from now on.
    func make() async throws -> [any NetworkEffects]
}

/// A harness that breaks and mends the connection between two nodes.
public protocol DisconnectingHarness: NetworkHarness {
    /// Breaks the connection between two nodes and keeps them from connecting again.
    ///
    /// - Parameters:
    ///   - first: A node of this harness.
    ///   - second: Another node of the same network.
    /// - Throws: Any error, which fails the law.
    func disconnect(_ first: any NetworkEffects, from second: any NetworkEffects) async throws

    /// Lets two nodes reach each other again.
    ///
    /// - Parameters:
    ///   - first: A node of this harness.
    ///   - second: Another node of the same network.
    /// - Throws: Any error, which fails the law.
    func reconnect(_ first: any NetworkEffects, with second: any NetworkEffects) async throws
}

/// A harness that stops a node properly.
public protocol StoppingHarness: NetworkHarness {
    /// Stops a node.
    ///
    /// - Parameter node: A node of this harness, with which nothing else is done afterwards than finding it stopped.
    /// - Throws: Any error, which fails the law.
    func stop(_ node: any NetworkEffects) async throws
}

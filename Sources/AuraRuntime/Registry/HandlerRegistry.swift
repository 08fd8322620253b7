/// A technology's handlers: what an application lists to link them.
public protocol HandlerBundle: Sendable {
    /// The handlers, one per effect family.
    var declarations: [HandlerDeclaration] { get }
}

/// The handlers that an application links, by family and technology.
///
/// ```swift
/// static let handlers = HandlerRegistry {
///     MemoryHandlers()
///     SQLiteHandlers()
///     SystemHandlers()
/// }
/// ```
public struct HandlerRegistry: Sendable {
    /// Every declared handler in the order of the bundles.
    public let declarations: [HandlerDeclaration]

    /// Creates a registry from bundles.
    public init(@Builder _ bundles: () -> [any HandlerBundle]) {
        declarations = bundles().flatMap(\.declarations)
    }

    /// The handler of a family by its name in profiles; the last one listed where several share it.
    public func declaration(effect: String, technology: String) -> HandlerDeclaration? {
        declarations.last { $0.effect == effect && $0.technology == technology }
    }

    /// The names of a family's handlers in the order of the bundles.
    func technologies(of effect: String) -> [String] {
        var names: [String] = []
        for declaration in declarations where declaration.effect == effect {
            if !names.contains(declaration.technology) { names.append(declaration.technology) }
        }
        return names
    }

    /// Collects bundles.
    @resultBuilder
    public enum Builder {
        /// One bundle.
        public static func buildExpression(_ bundle: any HandlerBundle) -> [any HandlerBundle] { [bundle] }
        /// Bundles in a row.
        public static func buildBlock(_ parts: [any HandlerBundle]...) -> [any HandlerBundle] { parts.flatMap { $0 } }
        /// Bundles under a condition.
        public static func buildOptional(_ part: [any HandlerBundle]?) -> [any HandlerBundle] { part ?? [] }
        /// Bundles of the first branch.
        public static func buildEither(first part: [any HandlerBundle]) -> [any HandlerBundle] { part }
        /// Bundles of the second branch.
        public static func buildEither(second part: [any HandlerBundle]) -> [any HandlerBundle] { part }
    }
}

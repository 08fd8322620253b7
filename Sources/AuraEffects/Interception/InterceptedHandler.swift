/// A handler around another one of its family, such as a generated one with interceptors.
public protocol InterceptedHandler: Sendable {
    /// The type of the handler within: usually `any` effect protocol.
    associatedtype Base: Sendable

    /// The handler within.
    var base: Base { get }
}

/// A generated handler with interceptors around another one.
public protocol InterceptedHandler: Sendable {
    /// The type of the handler within: usually `any` effect protocol.
    associatedtype Base: Sendable

    /// The handler that the interceptors surround.
    var base: Base { get }
}

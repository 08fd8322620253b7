/// Watches every operation of a handler without a hand in it: metrics, logging.
///
/// Both methods are called on the calling task and have to be quick. State lives in the observer, which is shared by all
/// calls of a handler: it is safe to call from many tasks at once.
public protocol EffectObserver: Sendable {
    /// The name in `profile explain`.
    var name: String { get }

    /// Whether it wants to know how long calls take; the clock is read only where one does.
    var measuresTime: Bool { get }

    /// A call begins.
    func began(_ call: EffectCall)

    /// A call has ended.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - duration: How long it took, with every repetition; zero unless an observer measures time.
    ///   - error: What went wrong; `nil` where nothing did.
    func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?)
}

extension EffectObserver {
    /// `false`.
    public var measuresTime: Bool { false }

    /// Does nothing.
    public func began(_ call: EffectCall) {}
}

/// Several observers as one, or none: a chain calls a single one, which costs less than going through a list.
struct ObserverGroup: EffectObserver {
    let observers: [any EffectObserver]
    let measuresTime: Bool

    init(_ observers: [any EffectObserver]) {
        self.observers = observers
        measuresTime = observers.contains(where: \.measuresTime)
    }

    var name: String { observers.map(\.name).joined(separator: ", ") }

    func began(_ call: EffectCall) {
        for observer in observers { observer.began(call) }
    }

    func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?) {
        for observer in observers { observer.ended(call, after: duration, with: error) }
    }
}

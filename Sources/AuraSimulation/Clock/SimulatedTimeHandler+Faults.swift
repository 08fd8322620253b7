extension SimulatedTimeHandler {
    /// Lets a fault of the clock begin; others do nothing to it.
    public func apply(_ fault: Fault) {
        switch fault {
        case .skew(let duration), .jump(let duration): jumpWallClock(by: duration)
        case .drift(let drift): changeDrift(by: drift)
        default: break
        }
    }

    /// Ends a fault of the clock that lasted; others do nothing to it.
    public func revert(_ fault: Fault) {
        switch fault {
        case .skew(let duration): jumpWallClock(by: .zero - duration)
        case .drift(let drift): changeDrift(by: -drift)
        default: break
        }
    }
}

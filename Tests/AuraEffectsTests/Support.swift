internal import AuraEffects

struct FixedTime: TimeEffects {
    var milliseconds: Int64
    var capabilities: Capabilities { Capabilities() }
    var now: WallTime { WallTime(nanosecondsSinceEpoch: milliseconds * 1_000_000 + 999_999) }
    var monotonicNow: MonotonicInstant { MonotonicInstant(nanoseconds: 0) }
    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {}
}

struct FixedRandom: RandomEffects {
    var value: UInt64
    var capabilities: Capabilities { Capabilities() }
    func nextUInt64() -> UInt64 { value }
    func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: UInt8(truncatingIfNeeded: value), count: count) }
}

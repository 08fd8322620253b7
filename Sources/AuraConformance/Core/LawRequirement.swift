public import AuraEffects

/// What must be there for a law to apply.
public enum LawRequirement: Sendable, Hashable {
    /// The handler declares the capability.
    case capability(Capability)
    /// The handler does not declare the capability.
    case lacks(Capability)
    /// The handler declares the limit, and it is small enough to be reached in a test.
    case limit(Limit, atMost: Int)
    /// The harness can do this to the handler.
    case ability(HarnessAbility)

    func isMet<Handler>(by harness: any ConformanceHarness<Handler>) -> Bool {
        switch self {
        case .capability(let capability): harness.capabilities.contains(capability)
        case .lacks(let capability): !harness.capabilities.contains(capability)
        case .limit(let limit, let most): harness.capabilities.limit(limit) <= most
        case .ability(let ability): ability.isOffered(by: harness)
        }
    }
}

extension LawRequirement: CustomStringConvertible {
    /// The requirement in words.
    public var description: String {
        switch self {
        case .capability(let capability): "the capability \(capability)"
        case .lacks(let capability): "the absence of the capability \(capability)"
        case .limit(let limit, let most): "a limit \(limit) of at most \(most)"
        case .ability(let ability): "a harness that can \(ability)"
        }
    }
}

/// What a harness can do to a handler beyond making it.
public enum HarnessAbility: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// ``ReopeningHarness``.
    case reopen
    /// ``CrashingHarness``.
    case crash
    /// ``SharingHarness``.
    case share
    /// ``StallingHarness``.
    case stall
    /// ``StorageDamagingHarness`` or ``JournalDamagingHarness``.
    case damage
    /// ``ClockSteppingHarness``.
    case stepWallClock
    /// ``TimePassingHarness``.
    case letTimePass
    /// ``PresigningHarness``.
    case followPresignedURLs
    /// ``PushReceivingHarness``.
    case takePushes
    /// ``ReseedingHarness``.
    case reseed
    /// ``DisconnectingHarness``.
    case disconnect
    /// ``StoppingHarness``.
    case stop

    /// The ability's name.
    public var description: String { rawValue }

    func isOffered<Handler>(by harness: any ConformanceHarness<Handler>) -> Bool {
        switch self {
        case .reopen: harness is any ReopeningHarness<Handler>
        case .crash: harness is any CrashingHarness<Handler>
        case .share: harness is any SharingHarness<Handler>
        case .stall: harness is any StallingHarness<Handler>
        case .damage: harness is any StorageDamagingHarness || harness is any JournalDamagingHarness
        case .stepWallClock: harness is any ClockSteppingHarness
        case .letTimePass: harness is any TimePassingHarness
        case .followPresignedURLs: harness is any PresigningHarness
        case .takePushes: harness is any PushReceivingHarness
        case .reseed: harness is any ReseedingHarness
        case .disconnect: harness is any DisconnectingHarness
        case .stop: harness is any StoppingHarness
        }
    }
}

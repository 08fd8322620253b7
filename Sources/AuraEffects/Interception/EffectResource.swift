/// What a call can be about: a parameter of such a type can be an operation's resource.
public protocol EffectResource {
    /// The resource as interceptors see it: short, and never a secret.
    var effectResource: String { get }
}

extension String: EffectResource {
    /// The text itself.
    public var effectResource: String { self }
}

extension StorageKey: EffectResource {
    /// The key's text.
    public var effectResource: String { text }
}

extension StreamName: EffectResource {
    /// The stream's name.
    public var effectResource: String { text }
}

extension PeerID: EffectResource {
    /// The peer's name.
    public var effectResource: String { rawValue }
}

extension ChannelName: EffectResource {
    /// The channel's name.
    public var effectResource: String { rawValue }
}

extension StreamAppend: EffectResource {
    /// The stream's name.
    public var effectResource: String { stream.effectResource }
}

extension JournalSnapshot: EffectResource {
    /// The stream's name.
    public var effectResource: String { stream.effectResource }
}

extension Envelope: EffectResource {
    /// The channel's name.
    public var effectResource: String { channel.effectResource }
}

extension KeyID: EffectResource {
    /// The handle's name.
    public var effectResource: String { rawValue }
}

extension KeyAlgorithm: EffectResource {
    /// The algorithm's name.
    public var effectResource: String { rawValue }
}

extension KeyName: EffectResource {
    /// The key's name.
    public var effectResource: String { rawValue }
}

extension HashFunction: EffectResource {
    /// The function's name.
    public var effectResource: String { rawValue }
}

extension StorageMutation: EffectResource {
    /// The key's text.
    public var effectResource: String { key.effectResource }
}

extension Array: EffectResource where Element: EffectResource {
    /// The first element's resource, and how many more there are.
    public var effectResource: String {
        guard let first = first?.effectResource else { return "" }
        return count == 1 ? first : "\(first) and \(count - 1) more"
    }
}

extension Optional: EffectResource where Wrapped: EffectResource {
    /// The value's resource; empty where there is none.
    public var effectResource: String { self?.effectResource ?? "" }
}

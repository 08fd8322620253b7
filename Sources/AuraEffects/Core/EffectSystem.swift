/// One value that holds a handler per effect family: what an application is given.
///
/// It is copied like any value: changing a copy's handler leaves the original as it was, which is how a test swaps
/// one family. A family that nobody filled has a handler that fails by name.
///
/// ```swift
/// var effects = EffectSystem()
/// effects.storage = MemoryStorageHandler()
/// effects[FolderEffect.self] = PosixFolder()
/// ```
public struct EffectSystem: Sendable {
    private var contents = Contents()

    /// Creates a system in which every family is unimplemented.
    public init() {}

    /// The handler of a family: the default instance, or a named one.
    ///
    /// - Parameters:
    ///   - key: The family.
    ///   - instance: The instance's name in the profile; empty for the family's default instance.
    /// - Complexity: A dictionary look-up. The built-in families' default instances have properties that are faster.
    public subscript<Key: EffectKey>(key: Key.Type, instance instance: String = "") -> Key.Handler {
        get { contents.handler(of: key, instance: instance) }
        set {
            if !isKnownUniquelyReferenced(&contents) { contents = Contents(copying: contents) }
            contents.handlers[Slot(key: ObjectIdentifier(key), instance: instance)] = newValue
            contents.refreshDefaults()
        }
    }

    /// Puts interceptors around the handler of a family; without any it stays as it is.
    ///
    /// ```swift
    /// effects.intercept(StorageEffect.self, with: [ReadOnly()], time: effects.time)
    /// ```
    ///
    /// - Parameters:
    ///   - key: The family; one whose handlers were not generated cannot be intercepted and is a programming error.
    ///   - instance: The instance's name.
    ///   - handler: The handler's technology, for messages and metrics.
    ///   - observers: Who watches.
    ///   - interceptors: Who takes part, the outermost first.
    ///   - time: The clock of observers that measure time; by default this system's.
    public mutating func intercept<Key: EffectKey>(
        _ key: Key.Type,
        instance: String = "",
        handler: String = "",
        observers: [any EffectObserver] = [],
        with interceptors: [any Interceptor] = [],
        time: (any TimeEffects)? = nil
    ) {
        guard !observers.isEmpty || !interceptors.isEmpty else { return }
        precondition(!Key.operations.isEmpty, "The effect '\(Key.name)' has no generated handlers: mark it '@Effect'.")
        let chain = InterceptorChain(
            of: EffectTarget(effect: Key.name, instance: instance, handler: handler),
            observers: observers,
            interceptors: interceptors,
            time: time ?? self.time
        )
        self[Key.self, instance: instance] = Key.intercepted(self[Key.self, instance: instance], by: chain)
    }

    /// Storage: values by key.
    public var storage: any StorageEffects {
        get { contents.storage }
        set { self[StorageEffect.self] = newValue }
    }

    /// Journal: streams of immutable entries.
    public var journal: any JournalEffects {
        get { contents.journal }
        set { self[JournalEffect.self] = newValue }
    }

    /// Network: envelopes between peers.
    public var network: any NetworkEffects {
        get { contents.network }
        set { self[NetworkEffect.self] = newValue }
    }

    /// Time: clocks and sleeping.
    public var time: any TimeEffects {
        get { contents.time }
        set { self[TimeEffect.self] = newValue }
    }

    /// Random: bytes and numbers.
    public var random: any RandomEffects {
        get { contents.random }
        set { self[RandomEffect.self] = newValue }
    }

    /// Crypto: keys, signatures and encryption.
    public var crypto: any CryptoEffects {
        get { contents.crypto }
        set { self[CryptoEffect.self] = newValue }
    }

    /// Keys: named keys with versions, kept for good.
    public var keys: any KeyEffects {
        get { self[KeysEffect.self] }
        set { self[KeysEffect.self] = newValue }
    }
}

private struct Slot: Hashable {
    var key: ObjectIdentifier
    var instance: String
}

// Safe to send: an instance is changed only while one EffectSystem holds the sole reference to it.
private final class Contents: @unchecked Sendable {
    var handlers: [Slot: any Sendable] = [:]

    // Copies of the default instances, so that the hot path is a load and not a look-up.
    private(set) var storage = StorageEffect.unimplemented
    private(set) var journal = JournalEffect.unimplemented
    private(set) var network = NetworkEffect.unimplemented
    private(set) var time = TimeEffect.unimplemented
    private(set) var random = RandomEffect.unimplemented
    private(set) var crypto = CryptoEffect.unimplemented

    init() {}

    init(copying other: Contents) {
        handlers = other.handlers
        refreshDefaults()
    }

    func handler<Key: EffectKey>(of key: Key.Type, instance: String) -> Key.Handler {
        handlers[Slot(key: ObjectIdentifier(key), instance: instance)] as? Key.Handler ?? Key.unimplemented
    }

    func refreshDefaults() {
        storage = handler(of: StorageEffect.self, instance: "")
        journal = handler(of: JournalEffect.self, instance: "")
        network = handler(of: NetworkEffect.self, instance: "")
        time = handler(of: TimeEffect.self, instance: "")
        random = handler(of: RandomEffect.self, instance: "")
        crypto = handler(of: CryptoEffect.self, instance: "")
    }
}

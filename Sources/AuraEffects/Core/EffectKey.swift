/// Names a family of effects and the type of its handlers.
///
/// The built-in families have their keys here. An application adds an effect of its own with a key of its own, over the
/// types that the attribute `@Effect("folder")` makes from its protocol:
///
/// ```swift
/// enum FolderEffect: EffectKey {
///     static let name = "folder"
///     static let operations = FolderEffectsOperations.all
///     static var unimplemented: any FolderEffects { UnimplementedFolderEffects() }
///     static func intercepted(_ handler: any FolderEffects, by interceptors: InterceptorChain) -> any FolderEffects {
///         InterceptedFolderEffects(handler, interceptors)
///     }
/// }
///
/// extension EffectSystem {
///     var folder: any FolderEffects {
///         get { self[FolderEffect.self] }
///         set { self[FolderEffect.self] = newValue }
///     }
/// }
/// ```
public protocol EffectKey: SendableMetatype {
    /// The type of the family's handlers: usually `any` effect protocol.
    associatedtype Handler: Sendable

    /// The family's name as profiles and messages spell it.
    static var name: String { get }

    /// The handler that stands in where none was given: it fails by name.
    static var unimplemented: Handler { get }

    /// The operation catalogue; empty where the protocol has no generated handlers, and cannot be intercepted then.
    static var operations: [EffectOperation] { get }

    /// A handler with a chain of interceptors around every operation: the generated one over `handler`.
    static func intercepted(_ handler: Handler, by interceptors: InterceptorChain) -> Handler
}

extension EffectKey {
    /// None.
    public static var operations: [EffectOperation] { [] }

    /// The bare handler.
    public static func intercepted(_ handler: Handler, by interceptors: InterceptorChain) -> Handler { handler }
}

/// The key of ``StorageEffects``.
public enum StorageEffect: EffectKey {
    /// `storage`.
    public static let name = "storage"
    /// A handler that fails by name.
    public static var unimplemented: any StorageEffects { UnimplementedStorageEffects() }
    /// The catalogue of ``StorageEffects``.
    public static var operations: [EffectOperation] { StorageEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any StorageEffects,
        by interceptors: InterceptorChain
    ) -> any StorageEffects {
        InterceptedStorageEffects(handler, interceptors)
    }
}

/// The key of ``JournalEffects``.
public enum JournalEffect: EffectKey {
    /// `journal`.
    public static let name = "journal"
    /// A handler that fails by name.
    public static var unimplemented: any JournalEffects { UnimplementedJournalEffects() }
    /// The catalogue of ``JournalEffects``.
    public static var operations: [EffectOperation] { JournalEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any JournalEffects,
        by interceptors: InterceptorChain
    ) -> any JournalEffects {
        InterceptedJournalEffects(handler, interceptors)
    }
}

/// The key of ``NetworkEffects``.
public enum NetworkEffect: EffectKey {
    /// `network`.
    public static let name = "network"
    /// A handler that fails by name.
    public static var unimplemented: any NetworkEffects { UnimplementedNetworkEffects() }
    /// The catalogue of ``NetworkEffects``.
    public static var operations: [EffectOperation] { NetworkEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any NetworkEffects,
        by interceptors: InterceptorChain
    ) -> any NetworkEffects {
        InterceptedNetworkEffects(handler, interceptors)
    }
}

/// The key of ``TimeEffects``.
public enum TimeEffect: EffectKey {
    /// `time`.
    public static let name = "time"
    /// A handler that stops the process by name, since reading a clock cannot fail.
    public static var unimplemented: any TimeEffects { UnimplementedTimeEffects() }
    /// The catalogue of ``TimeEffects``.
    public static var operations: [EffectOperation] { TimeEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any TimeEffects,
        by interceptors: InterceptorChain
    ) -> any TimeEffects {
        InterceptedTimeEffects(handler, interceptors)
    }
}

/// The key of ``RandomEffects``.
public enum RandomEffect: EffectKey {
    /// `random`.
    public static let name = "random"
    /// A handler that stops the process by name, since drawing a number cannot fail.
    public static var unimplemented: any RandomEffects { UnimplementedRandomEffects() }
    /// The catalogue of ``RandomEffects``.
    public static var operations: [EffectOperation] { RandomEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any RandomEffects,
        by interceptors: InterceptorChain
    ) -> any RandomEffects {
        InterceptedRandomEffects(handler, interceptors)
    }
}

/// The key of ``CryptoEffects``.
public enum CryptoEffect: EffectKey {
    /// `crypto`.
    public static let name = "crypto"
    /// A handler that fails by name.
    public static var unimplemented: any CryptoEffects { UnimplementedCryptoEffects() }
    /// The catalogue of ``CryptoEffects``.
    public static var operations: [EffectOperation] { CryptoEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any CryptoEffects,
        by interceptors: InterceptorChain
    ) -> any CryptoEffects {
        InterceptedCryptoEffects(handler, interceptors)
    }
}

/// The key of ``KeyEffects``.
public enum KeysEffect: EffectKey {
    /// `keys`.
    public static let name = "keys"
    /// A handler that fails by name.
    public static var unimplemented: any KeyEffects { UnimplementedKeyEffects() }
    /// The catalogue of ``KeyEffects``.
    public static var operations: [EffectOperation] { KeyEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(_ handler: any KeyEffects, by interceptors: InterceptorChain) -> any KeyEffects {
        InterceptedKeyEffects(handler, interceptors)
    }
}

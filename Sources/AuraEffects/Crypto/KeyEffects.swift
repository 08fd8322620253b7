// @Effect("keys")
/// Named keys with versions, kept for good.
///
/// A name stands for one purpose and one algorithm. Its newest version is used for what is written from now on; older
/// versions stay, to read what they once wrote. The handles are those of the profile's ``CryptoEffects``, and a hardware
/// module that holds keys itself implements both.
///
/// Every method throws ``EffectError``: `notFound` for a name or version that does not exist, `invalidArgument` for a name
/// that cannot be one, `unauthenticated` where the password or key that opens the store is wrong, `corrupted` for a store
/// that was altered.
public protocol KeyEffects: EffectHandler {
    // @Operation(resource: "name")
    /// Creates the first version of a key.
    ///
    /// - Parameters:
    ///   - name: The key's name.
    ///   - algorithm: What the key is for.
    /// - Returns: Version 1.
    /// - Throws: `conflict` where the name is taken.
    func createKey(_ name: KeyName, _ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyVersion

    // @Operation(resource: "name")
    /// Creates the next version of a key, which becomes the current one.
    func rotateKey(_ name: KeyName) async throws(EffectError) -> KeyVersion

    // @Operation(.idempotent, resource: "name")
    /// A version of a key.
    ///
    /// - Parameters:
    ///   - name: The key's name.
    ///   - version: The version; `nil` for the current one.
    /// - Returns: The version, with a handle to use it by.
    /// - Throws: `notFound`.
    func key(_ name: KeyName, version: Int?) async throws(EffectError) -> KeyVersion

    // @Operation(.idempotent)
    /// Every version of every key, by name and version.
    func keys() async throws(EffectError) -> [KeyVersion]

    // @Operation(.idempotent, resource: "device")
    /// The key of a device: the same for the same device and salt, and of no use in finding another's.
    ///
    /// - Parameters:
    ///   - device: The device's id.
    ///   - salt: Makes it another key for another purpose; may be empty.
    ///   - algorithm: What the key is for.
    /// - Returns: A handle of the key.
    /// - Throws: ``EffectError``, as for every method.
    func deviceKey(_ device: String, salt: [UInt8], as algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID
}

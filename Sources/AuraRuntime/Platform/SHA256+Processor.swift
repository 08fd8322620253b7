internal import AuraEffects
internal import CSHA256

extension SHA256 {
    /// Whether hashes are computed by the processor's own instructions for SHA-256.
    ///
    /// What a bundle of handlers has brought before stays.
    static let usesProcessor: Bool = {
        guard !isAccelerated, let mix = unsafe aura_sha256_of_processor() else { return false }
        return unsafe accelerate(with: mix)
    }()
}

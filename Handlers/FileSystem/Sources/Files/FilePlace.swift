internal import AuraEffects
internal import AuraRuntime

/// Where a failure happened.
struct FilePlace: Sendable {
    static let technology = "filesystem"

    let errors: HandlerErrors
    /// The storage's folder.
    let folder: String
    let operation: String

    /// Runs `body` and turns a failure of a file into the effect's error.
    func mapping<Result>(_ body: () throws(FileFailure) -> Result) throws(EffectError) -> Result {
        do {
            return try body()
        } catch {
            throw error.effectError(at: self)
        }
    }
}

#if os(Linux)
internal import Glibc

/// The seed that the environment asks to replay.
public enum ReplayedSeed {
    /// The variable's name.
    public static let variable = "AURA_SEED"

    /// The variable's value is no seed.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        /// What it is.
        public var text: String

        /// What is wrong and what to do.
        public var description: String {
            "\(ReplayedSeed.variable) is '\(text)': set it to a seed, a whole number from 0 to \(UInt64.max)."
        }
    }

    /// The seed to replay; `nil` where none is asked for.
    ///
    /// - Throws: ``Malformed``.
    public static func fromEnvironment() throws(Malformed) -> UInt64? {
        guard let value = unsafe getenv(variable) else { return nil }
        let text = unsafe String(cString: value)
        guard let seed = UInt64(text) else { throw Malformed(text: text) }
        return seed
    }
}
#endif

/// How a key is derived from a password.
public struct PasswordDerivation: Sendable, Hashable, Codable {
    /// A function that is slow on purpose, with its costs: enough to be of use, and no more than somebody would wait for.
    public enum Function: Sendable, Hashable, Codable {
        /// Argon2id (RFC 9106): the memory that each derivation takes, from 8 KiB for each lane to 4 GiB, 1 to 1,000 passes over
        /// it, and 1 to 64 lanes that may run at once.
        case argon2id(memory: ByteCount, passes: Int, lanes: Int)
        /// PBKDF2 with HMAC-SHA-256 (RFC 8018), for where Argon2id is not to be had: 10,000 to 100,000,000 iterations.
        case pbkdf2(iterations: Int)
    }

    /// The function, with its costs.
    public var function: Function
    /// Random bytes, 16 to 1,024, kept beside what the key protects.
    public var salt: [UInt8]

    /// Creates parameters.
    public init(_ function: Function, salt: [UInt8]) {
        self.function = function
        self.salt = salt
    }
}

extension PasswordDerivation {
    /// How many bytes of salt are taken.
    package static let saltSizes = 16...1024
    /// How many iterations of PBKDF2: the most take some minutes of a processor.
    package static let iterations = 10_000...100_000_000
    /// How many passes of Argon2id.
    package static let passes = 1...1000
    /// How many lanes of Argon2id.
    package static let lanes = 1...64
    /// What Argon2id needs for each lane (RFC 9106, section 3.1).
    private static let leastMemoryPerLane = ByteCount.kibibytes(8)
    private static let mostMemory = ByteCount.mebibytes(4096)

    /// Why nothing is derived by these parameters anywhere; `nil` where it may be.
    package var refusal: String? {
        guard Self.saltSizes.contains(salt.count) else {
            return "The salt has \(salt.count) bytes: take \(Self.saltSizes.lowerBound) to "
                + "\(Self.saltSizes.upperBound) random ones."
        }
        switch function {
        case .pbkdf2(let iterations):
            if Self.iterations.contains(iterations) { return nil }
            return "PBKDF2 with \(iterations) iterations: take from \(Self.iterations.lowerBound) to "
                + "\(Self.iterations.upperBound)."
        case .argon2id(let memory, let passes, let lanes):
            guard Self.lanes.contains(lanes), Self.passes.contains(passes) else {
                return "Argon2id with \(passes) passes and \(lanes) lanes: take 1 to \(Self.passes.upperBound) passes "
                    + "and 1 to \(Self.lanes.upperBound) lanes."
            }
            let least = ByteCount(bytes: Self.leastMemoryPerLane.bytes * lanes)
            if memory >= least, memory <= Self.mostMemory { return nil }
            return "Argon2id with \(memory): take from \(least) for \(lanes) lanes to \(Self.mostMemory)."
        }
    }
}

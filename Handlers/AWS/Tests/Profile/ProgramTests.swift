#if AWS && SQLite
internal import Testing

/// Programs that run on a store of their own one after the other: they ask it for faults, and which actions were taken.
@Suite("Programs on AWS", .serialized)
enum ProgramTests {
    private static let server = Result { try StoreServer() }

    static func place() throws -> ProgramPlace { try ProgramPlace(server.get()) }
}
#endif

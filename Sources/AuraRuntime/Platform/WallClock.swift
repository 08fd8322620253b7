/// A wall clock that never goes back, whatever steps the system's clock makes.
///
/// It shows the system's clock. After a backward step it is ahead; it then goes on with the monotonic clock at
/// nine tenths of its speed until the system's clock has caught up, so that an hour's step is made up for in ten
/// hours. A forward step is followed at once.
package struct WallClock: Sendable {
    private var last: (wall: Int64, monotonic: Int64)?

    package init() {}

    /// What the clock shows, in nanoseconds since 1970-01-01T00:00:00Z.
    ///
    /// - Parameters:
    ///   - system: What the system's clock shows now, in nanoseconds since 1970-01-01T00:00:00Z.
    ///   - monotonic: What the monotonic clock shows now, in nanoseconds.
    /// - Returns: The time, never before an earlier one.
    package mutating func read(system: Int64, monotonic: Int64) -> Int64 {
        guard let last else {
            self.last = (system, monotonic)
            return system
        }
        // Two threads may read in the other order than they come here.
        let elapsed = max(0, monotonic - last.monotonic)
        let wall = max(system, last.wall + elapsed / 10 * 9)
        self.last = (wall, max(monotonic, last.monotonic))
        return wall
    }
}

/// A schedule as what it does otherwise than the plainest one.
///
/// The plainest schedule goes on with the task that ran last as long as it can, and takes the oldest job where it
/// cannot. A schedule with few deviations has few switches.
public struct ScheduleDeviations: Sendable, Hashable, Codable {
    /// One choice.
    public struct Deviation: Sendable, Hashable, Codable {
        /// How often there had been a choice before.
        public var decision: Int
        /// The place of the job that ran, among those that could, in the order in which they became ready.
        public var choice: Int

        /// Creates a choice.
        public init(decision: Int, choice: Int) {
            self.decision = decision
            self.choice = choice
        }
    }

    /// The choices in the order of the run.
    public private(set) var deviations: [Deviation]
    private var choices: [Int: Int]

    /// Creates a schedule.
    public init(_ deviations: [Deviation] = []) {
        self.deviations = deviations
        choices = Dictionary(deviations.map { ($0.decision, $0.choice) }) { _, last in last }
    }

    func choice(at decision: Int) -> Int? { choices[decision] }

    mutating func append(_ deviation: Deviation) {
        deviations.append(deviation)
        choices[deviation.decision] = deviation.choice
    }
}

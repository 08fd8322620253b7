internal import Measuring

/// Five devices with a notebook each, an edit on each every five minutes, for a thousand hours of virtual time.
struct FieldnotesHours: Comparison {
    let name = "fieldnotes-1000h"
    let unit = "s"
    let isHigherBetter = false
    let target = Target.oursBelow(60)
    let warmsUp = false

    let hours: Int

    // The same seed does the same work each time.
    func rounds(asked: Int) -> Int { 1 }

    func measureOurs() async throws -> Double {
        try await seconds {
            let child = try ChildProcess(
                ".build/release/fieldnotes-simulate",
                arguments: [
                    "--seed", "1", "--nodes", "5", "--writers", "5", "--pause", "300", "--gossip", "30", "--faults",
                    "all",
                    "--memory", "--seconds", "\(hours * 3_600)",
                ]
            )
            try child.waitUntilEnded()
        }
    }
}

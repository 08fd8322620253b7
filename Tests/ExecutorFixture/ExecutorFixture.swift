internal import AuraRuntime
internal import CLateUnlock

/// Makes actors on threads of their own, calls each once and lets it go, while threads are held up after they have unlocked a mutex.
///
/// It prints how many calls were answered.
@main
struct ExecutorFixture {
    private actor ShortLived {
        private let executor = ThreadExecutor(label: "short-lived")

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

        func answer() -> Int { 1 }
    }

    static func main() async {
        late_unlock_begin()
        let answers = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var answers = 0
                    for _ in 0..<300 { answers += await ShortLived().answer() }
                    return answers
                }
            }
            var answers = 0
            for await count in group { answers += count }
            return answers
        }
        print(answers)
    }
}

internal import Testing

/// A section `policy` that is wrong, with everything that is said about it.
struct MalformedPolicy: Sendable, CustomTestStringConvertible {
    var yaml: String
    var messages: [String]

    /// What stands within `policy: { … }`, on the file's first line.
    init(_ yaml: String, _ messages: String...) {
        self.yaml = "policy: { \(yaml) }"
        self.messages = messages.map { "bad.yaml:1:\($0)" }
    }

    var testDescription: String { yaml }

    private static let time = "must be a time with a unit such as '250ms', '60s', '5m' or '2h', not"
    private static let parts = "deadline, retry, concurrency, breaker, attemptTimeout"
    private static let mapping = "must be a mapping or 'none', not"

    static let all: [MalformedPolicy] = general + retries + limits + breakers + overrides

    private static let general = [
        MalformedPolicy(
            "deadlin: 60s",
            "11: policy.deadlin: unknown key; did you mean 'deadline'? a policy takes: \(parts), overrides"
        ),
        MalformedPolicy("timeouts: 60s", "11: policy.timeouts: unknown key; a policy takes: \(parts), overrides"),
        MalformedPolicy("deadline: 60", "21: policy.deadline: \(time) '60'"),
        MalformedPolicy("deadline: soon", "21: policy.deadline: \(time) 'soon'"),
        MalformedPolicy("deadline: -5s", "21: policy.deadline: \(time) '-5s'"),
        MalformedPolicy("deadline: 0s", "21: policy.deadline: must be at least 1us, not '0s'"),
        MalformedPolicy("deadline: 900000000000d", "21: policy.deadline: is out of range: '900000000000d'"),
        MalformedPolicy("deadline: ", "22: policy.deadline: has no value; give it one, or remove the key"),
        MalformedPolicy("deadline: [1s]", "21: policy.deadline: must be a single value, not a list"),
        MalformedPolicy("attemptTimeout: { s: 1 }", "27: policy.attemptTimeout: must be a single value, not a mapping"),
        MalformedPolicy(
            "deadline: 1s, attemptTimeout: 2s",
            "41: policy.attemptTimeout: is longer than the deadline of 1s, which ends every attempt; shorten it, or write "
                + "'none'"
        ),
    ]

    private static let retries = [
        MalformedPolicy(
            "retry: exponential",
            "18: policy.retry: \(mapping) 'exponential'; write 'retry: { strategy: exponential, attempts: 5 }'"
        ),
        MalformedPolicy(
            "retry: ",
            "19: policy.retry: \(mapping) nothing; write 'retry: { strategy: exponential, attempts: 5 }'"
        ),
        MalformedPolicy("retry: { attempts: 3 }", "11: policy.retry.strategy: is missing; add 'strategy: exponential'"),
        MalformedPolicy(
            "retry: { strategy: exponental, attempts: 3 }",
            "30: policy.retry.strategy: must be one of none, fixed, exponential, not 'exponental'; did you mean "
                + "'exponential'?"
        ),
        MalformedPolicy(
            "retry: { strategy: custom }",
            "30: policy.retry.strategy: must be one of none, fixed, exponential, not 'custom'"
        ),
        MalformedPolicy(
            "retry: { strategy: exponential }",
            "11: policy.retry.attempts: is missing; add 'attempts: 5'"
        ),
        MalformedPolicy(
            "retry: { strategy: exponential, attempts: 0 }",
            "53: policy.retry.attempts: must be a whole number of at least 1, not '0'"
        ),
        MalformedPolicy(
            "retry: { strategy: exponential, attempts: many }",
            "53: policy.retry.attempts: must be a whole number of at least 1, not 'many'"
        ),
        MalformedPolicy(
            "retry: { strategy: exponential, attempt: 3 }",
            "43: policy.retry.attempt: unknown setting; did you mean 'attempts'? 'exponential' takes: strategy, attempts, "
                + "base, maximum"
        ),
        MalformedPolicy(
            "retry: { strategy: exponential, attempts: 3, delay: 1s }",
            "56: policy.retry.delay: unknown setting; 'exponential' takes: strategy, attempts, base, maximum"
        ),
        MalformedPolicy(
            "retry: { strategy: exponential, attempts: 3, base: 2s, maximum: 1s }",
            "75: policy.retry.maximum: must not be below the base of 2s, and is 1s"
        ),
        MalformedPolicy(
            "retry: { strategy: exponential, attempts: 3, base: fast }",
            "62: policy.retry.base: \(time) 'fast'"
        ),
        MalformedPolicy(
            "retry: { strategy: fixed, attempts: 3 }",
            "11: policy.retry.delay: is missing; add 'delay: 1s'"
        ),
        MalformedPolicy(
            "retry: { strategy: fixed, attempts: 3, delay: 1s, base: 1s }",
            "61: policy.retry.base: unknown setting; 'fixed' takes: strategy, attempts, delay"
        ),
        MalformedPolicy(
            "retry: { strategy: none, attempts: 3 }",
            "36: policy.retry.attempts: unknown setting; 'none' takes: strategy"
        ),
        MalformedPolicy(
            "retry: { strategy: [fixed] }",
            "30: policy.retry.strategy: must be a single value, not a list"
        ),
    ]

    private static let limits = [
        MalformedPolicy(
            "concurrency: 64",
            "24: policy.concurrency: \(mapping) '64'; write 'concurrency: { limit: 64, queue: 256 }'"
        ),
        MalformedPolicy(
            "concurrency: { limit: 64 }",
            "11: policy.concurrency.queue: is missing; add 'queue: 256', or 'queue: 0' for none"
        ),
        MalformedPolicy(
            "concurrency: { queue: 64 }",
            "11: policy.concurrency.limit: is missing; add 'limit: 64'"
        ),
        MalformedPolicy(
            "concurrency: { limit: 0, queue: 1 }",
            "33: policy.concurrency.limit: must be a whole number of at least 1, not '0'"
        ),
        MalformedPolicy(
            "concurrency: { limit: 1, queue: -1 }",
            "43: policy.concurrency.queue: must be a whole number of at least 0, not '-1'"
        ),
        MalformedPolicy(
            "concurrency: { limits: 1, queue: 1 }",
            "26: policy.concurrency.limits: unknown setting; did you mean 'limit'? a concurrency limit takes: limit, queue"
        ),
    ]

    private static let breakers = [
        MalformedPolicy(
            "breaker: on",
            "20: policy.breaker: \(mapping) 'on'; write 'breaker: { failureRate: 0.5, window: 10s }'"
        ),
        MalformedPolicy(
            "breaker: { failureRate: 1.5 }",
            "35: policy.breaker.failureRate: must be a number above 0 and at most 1, such as 0.5, not '1.5'"
        ),
        MalformedPolicy(
            "breaker: { failureRate: 50% }",
            "35: policy.breaker.failureRate: must be a number above 0 and at most 1, such as 0.5, not '50%'"
        ),
        MalformedPolicy("breaker: { window: 0s }", "30: policy.breaker.window: must be at least 1us, not '0s'"),
        MalformedPolicy(
            "breaker: { minimumCalls: 0 }",
            "36: policy.breaker.minimumCalls: must be a whole number of at least 1, not '0'"
        ),
        MalformedPolicy(
            "breaker: { openfor: 5s }",
            "22: policy.breaker.openfor: unknown setting; did you mean 'openFor'? a circuit breaker takes: failureRate, "
                + "window, minimumCalls, openFor"
        ),
    ]

    private static let overrides = [
        MalformedPolicy(
            "overrides: [storage]",
            "22: policy.overrides: must be a mapping of effects and operations, not a list; write "
                + "'overrides: { storage.read: { deadline: 5s } }'"
        ),
        MalformedPolicy(
            "overrides: { storag: { deadline: 1s } }",
            "24: policy.overrides.storag: unknown effect; did you mean 'storage'? the application's effects are: folder, "
                + "storage"
        ),
        MalformedPolicy(
            "overrides: { storage.reed: { deadline: 1s } }",
            "24: policy.overrides.storage.reed: unknown operation; did you mean 'read'? 'storage' has: read, write, remove, "
                + "list, transact"
        ),
        MalformedPolicy(
            "overrides: { storage.capabilities: { deadline: 1s } }",
            "24: policy.overrides.storage.capabilities: takes no policy: the operation answers at once; remove it"
        ),
        MalformedPolicy(
            "overrides: { storage.read.fast: { deadline: 1s } }",
            "24: policy.overrides.storage.read.fast: names no operation; write EFFECT or EFFECT.OPERATION, such as "
                + "'storage.read'"
        ),
        MalformedPolicy(
            "overrides: { time.sleep: { deadline: 1s } }",
            "24: policy.overrides.time.sleep: takes no policy: a sleep ends when its caller says; remove it"
        ),
        MalformedPolicy(
            "overrides: { storage.read: 5s }",
            "38: policy.overrides.storage.read: must be a policy, not text; write 'storage.read: { deadline: 5s }'"
        ),
        MalformedPolicy(
            "overrides: { storage: { read: { deadline: 5s } } }",
            "35: policy.overrides.storage.read: is an operation, not a part of a policy; write 'storage.read: { … }' beside "
                + "'storage'"
        ),
        MalformedPolicy(
            "overrides: { storage: { overrides: {} } }",
            "35: policy.overrides.storage.overrides: unknown key; an override takes: \(parts)"
        ),
        MalformedPolicy(
            "overrides: { storage.read: { deadline: 5, retri: none } }",
            "53: policy.overrides.storage.read.retri: unknown key; did you mean 'retry'? an override takes: \(parts)",
            "50: policy.overrides.storage.read.deadline: \(time) '5'"
        ),
        MalformedPolicy(
            "attemptTimeout: 5s, overrides: { storage.read: { deadline: 2s } }",
            "70: policy.overrides.storage.read.deadline: is shorter than the attempt timeout of 5s; raise it, or set "
                + "'attemptTimeout' here too"
        ),
    ]
}

@Suite("Malformed policies")
struct MalformedPolicyTests {
    @Test("each mistake is named with its place, key, nearest name and what to do", arguments: MalformedPolicy.all)
    func messages(_ policy: MalformedPolicy) {
        #expect(parsed(policy.yaml).problems == policy.messages)
    }

    @Test("the table has at least 40 cases, each of its own")
    func count() {
        #expect(Set(MalformedPolicy.all.map(\.yaml)).count == MalformedPolicy.all.count)
        #expect(MalformedPolicy.all.count >= 40)
    }

    @Test("a section that is no mapping is refused")
    func noMapping() {
        #expect(
            parsed("policy: fast").problems
                == ["bad.yaml:1:9: policy: must be a mapping, not text; write 'policy: { deadline: 60s }'"]
        )
    }
}

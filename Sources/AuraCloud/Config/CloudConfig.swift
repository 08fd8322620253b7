public import AuraEffects
public import AuraRuntime

/// How a provider's services are called: one value that is built step by step, for every provider.
///
/// ```swift
/// let config = CloudConfig()
///     .region("eu-central-1")
///     .retryPolicy(.exponential(5))
///     .timeout(.seconds(60))
/// ```
///
/// The order of the calls that build it means nothing.
public struct CloudConfig: Sendable {
    /// The region of the services; `nil` for the provider's own way to find it.
    public private(set) var region: CloudRegion?

    /// Where the services are, in place of the provider's own addresses; `nil` for those.
    public private(set) var endpoint: HTTPURL?

    /// What proves who calls; `nil` for the provider's own way to find credentials.
    public private(set) var authProvider: (any AuthProvider)?

    /// Who is told of each request, besides the metrics of the runtime.
    public private(set) var metricsCollector: (any MetricsCollector)?

    /// Where messages go; `nil` for the logger of the handler's context.
    public private(set) var logger: Logger?

    /// What surrounds each request.
    public private(set) var policy = EffectPolicy()

    /// Creates a configuration: the provider's own addresses and credentials, one attempt, no deadline.
    public init() {}

    private func setting(_ change: (inout CloudConfig) -> Void) -> CloudConfig {
        var copy = self
        change(&copy)
        return copy
    }

    /// The configuration for a region.
    public func region(_ region: CloudRegion?) -> CloudConfig {
        setting { $0.region = region }
    }

    /// The configuration for services at an address of one's own, such as those of a compatible store.
    ///
    /// - Parameter endpoint: The address; its path comes before every other. `nil` for the provider's own addresses.
    /// - Returns: The configuration.
    public func endpoint(_ endpoint: HTTPURL?) -> CloudConfig {
        setting { $0.endpoint = endpoint }
    }

    /// The configuration with a proof of who calls.
    public func authProvider(_ provider: (any AuthProvider)?) -> CloudConfig {
        setting { $0.authProvider = provider }
    }

    /// The configuration with somebody who is told of each request.
    public func metricsCollector(_ collector: (any MetricsCollector)?) -> CloudConfig {
        setting { $0.metricsCollector = collector }
    }

    /// The configuration with a logger.
    public func logger(_ logger: Logger?) -> CloudConfig {
        setting { $0.logger = logger }
    }

    /// The configuration with repetitions of failed requests.
    public func retryPolicy(_ policy: RetryPolicy) -> CloudConfig {
        setting { $0.policy = $0.policy.retry(policy) }
    }

    /// The configuration with a limit of the time that a request may take with all its attempts and waits, up to the head of
    /// its answer.
    ///
    /// - Parameter duration: How long; more than zero. `nil` for any time.
    /// - Returns: The configuration.
    public func timeout(_ duration: Duration?) -> CloudConfig {
        setting { $0.policy = $0.policy.deadline(duration) }
    }

    /// The configuration with a limit of each attempt's time, up to the head of its answer.
    ///
    /// - Parameter duration: How long; more than zero. `nil` for any time.
    /// - Returns: The configuration.
    public func attemptTimeout(_ duration: Duration?) -> CloudConfig {
        setting { $0.policy = $0.policy.attemptTimeout(duration) }
    }

    /// The configuration with the parts of a policy that another one sets.
    public func policy(_ policy: EffectPolicy) -> CloudConfig {
        setting { $0.policy = $0.policy.refined(by: policy) }
    }
}

extension RetryPolicy {
    /// Random pauses below a bound that doubles, from 50 ms to 5 s.
    ///
    /// - Parameter attempts: The most attempts, the first one among them; at least one.
    /// - Returns: The policy.
    public static func exponential(_ attempts: Int) -> RetryPolicy {
        .exponential(attempts: attempts)
    }
}

internal import AuraEffects

/// What a service has to allow for a handler to work: an action on a resource, as the service's own policies name them.
public struct ServicePermission: Sendable, Hashable {
    /// The action, such as `dynamodb:GetItem`.
    public var action: String
    /// The resource, such as `arn:aws:dynamodb:eu-central-1:123456789012:table/albums`.
    public var resource: String

    /// Creates a permission.
    public init(_ action: String, on resource: String) {
        self.action = action
        self.resource = resource
    }
}

/// What the permissions of a handler are derived from, besides its settings.
public struct PermissionRequest: Sendable {
    /// The names of the operations of the handler's family that it is called by, such as `get`.
    public var operations: Set<String>
    /// The account that resources belong to; `*` where it is not known.
    public var account: String
    /// The region where the settings name none; `*` where it is not known.
    public var region: String
    /// The secrets that the profile names, for the handler that fetches them.
    public var secrets: [SecretReference]

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - operations: The operations that the handler is called by.
    ///   - account: The account that resources belong to.
    ///   - region: The region where the settings name none.
    ///   - secrets: The secrets that the profile names.
    public init(
        _ operations: Set<String>,
        account: String = "*",
        region: String = "*",
        secrets: [SecretReference] = []
    ) {
        self.operations = operations
        self.account = account
        self.region = region
        self.secrets = secrets
    }
}

/// Derives what services have to allow for a handler to work.
///
/// A handler over another one says what operations of that one its own operations lead to.
public struct HandlerPermissions: Sendable {
    let permissions: @Sendable (HandlerSettings, PermissionRequest) -> [ServicePermission]
    let operationsWithin: @Sendable (_ setting: String, _ operations: Set<String>) -> Set<String>

    /// The permissions of a handler that asks a service itself.
    ///
    /// - Parameter permissions: The permissions under settings.
    public init(_ permissions: @escaping @Sendable (HandlerSettings, PermissionRequest) -> [ServicePermission]) {
        self.permissions = permissions
        operationsWithin = { $1 }
    }

    /// The permissions of a handler over another one.
    ///
    /// - Parameter operations: The operations that the handler under a setting's key is called by, given those of this one.
    public init(within operations: @escaping @Sendable (_ setting: String, _ operations: Set<String>) -> Set<String>) {
        permissions = { _, _ in [] }
        operationsWithin = operations
    }
}

extension Assembly {
    /// What services have to allow for the profile's handlers to do all that their families can.
    ///
    /// - Parameters:
    ///   - account: The account that resources belong to.
    ///   - region: The region where settings name none.
    ///   - effects: The families that the application uses; `nil` for all of the profile.
    /// - Returns: Each permission once, by resource and action.
    package func permissions(account: String, region: String, of effects: Set<String>? = nil) -> [ServicePermission] {
        let used = handlers.filter { handler in
            effects?.contains(handler.effect) ?? true || !pendingSecrets.isEmpty && handler.effect == SecretsEffect.name
        }
        let all = used.flatMap { handler in
            let operations = Set(handler.declaration.operations.map(\.name))
            let secrets = pendingSecrets.map(\.reference)
            return handler.permissions(
                PermissionRequest(operations, account: account, region: region, secrets: secrets)
            )
        }
        return Set(all).sorted { ($0.resource, $0.action) < ($1.resource, $1.action) }
    }
}

extension ResolvedHandler {
    fileprivate func permissions(_ request: PermissionRequest) -> [ServicePermission] {
        let own = declaration.permissions?.permissions(values, request) ?? []
        let inner = declaration.settings.filter { $0.innerEffect != nil }
            .flatMap { setting -> [ServicePermission] in
                guard let handler = values.handler(setting.key) else { return [] }
                var within = request
                // A handler that does not say may call everything.
                within.operations =
                    declaration.permissions?.operationsWithin(setting.key, request.operations)
                    ?? Set(handler.declaration.operations.map(\.name))
                return handler.permissions(within)
            }
        return own + inner
    }
}

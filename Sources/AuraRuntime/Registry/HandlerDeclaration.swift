public import AuraEffects

/// A handler that was made, with what ends it.
public struct ManagedHandler<Handler: Sendable>: Sendable {
    /// The handler.
    public var handler: Handler

    /// Ends the handler: waits for what is under way, then closes files and connections.
    public var stop: @Sendable () async -> Void

    /// Creates the pair.
    ///
    /// - Parameters:
    ///   - handler: The handler.
    ///   - stop: Ends it; by default there is nothing to end.
    public init(_ handler: Handler, stop: @escaping @Sendable () async -> Void = {}) {
        self.handler = handler
        self.stop = stop
    }

    /// Makes a handler over this one, which then stops after it; where that cannot be made, this one is stopped.
    ///
    /// - Parameter make: Makes the handler over this one.
    /// - Returns: The handler over this one.
    /// - Throws: ``EffectError`` of `make`.
    public func lending<Outer>(
        _ make: (Handler) async throws(EffectError) -> ManagedHandler<Outer>
    ) async throws(EffectError) -> ManagedHandler<Outer> {
        let outer: ManagedHandler<Outer>
        do throws(EffectError) {
            outer = try await make(handler)
        } catch {
            await stop()
            throw error
        }
        return ManagedHandler<Outer>(outer.handler) { [stop] in
            await outer.stop()
            await stop()
        }
    }
}

/// What a profile can name: a technology's handler for one effect family, with the settings it takes.
public struct HandlerDeclaration: Sendable {
    /// One line of what a handler made of its budget, such as `page cache` and `6.4 MiB`.
    public typealias DerivedValue = (name: String, value: String)

    /// The family's name.
    public let effect: String
    /// The name in profiles, such as `sqlite`.
    public let technology: String
    /// Puts a backup in the place of what a handler keeps while nobody has it open.
    public typealias Restore =
        @Sendable (_ backup: String, HandlerSettings, HandlerContext, _ progress: RestoreProgress)
        async throws(EffectError) -> RestoreReceipt

    /// Hears how far a restoring is: what is counted, how much of it is done, and the total.
    public typealias RestoreProgress = @Sendable (_ what: String, _ done: Int, _ total: Int) -> Void

    /// What the handler is, in one sentence.
    public let summary: String
    /// The settings that the handler takes.
    public let settings: [SettingDeclaration]
    /// The families whose handlers the handler takes from its context: `crypto`, `keys` or `http`.
    public let uses: [String]
    /// What the handler will declare under these settings and this budget, without making it.
    public let capabilities: @Sendable (HandlerSettings, ResourceBudget) -> Capabilities
    /// What the handler makes of a budget, for `profile explain`.
    public let derivedValues: @Sendable (HandlerSettings, ResourceBudget) -> [DerivedValue]
    /// What the handler leaves of a budget to the handlers that it is made over.
    package let budgetWithin: @Sendable (HandlerSettings, ResourceBudget) -> ResourceBudget
    /// Puts a backup in place; `nil` where the handler has no such thing.
    public let restore: Restore?
    /// The care of the handler's tables, where it keeps them in a database server.
    public let schema: SchemaMaintenance?
    /// The care of what the handler needs of a service; `nil` for a handler that needs nothing made.
    public let resources: ServiceResources?
    /// What services have to allow for the handler to work; `nil` for a handler that asks none.
    public let permissions: HandlerPermissions?
    /// The family's operation catalogue; empty where its handlers cannot be intercepted.
    public let operations: [EffectOperation]
    /// Copies the family's handler from one system into another, with a chain around it where there is one.
    let expose:
        @Sendable (
            _ bare: EffectSystem, _ surrounded: inout EffectSystem, _ instance: String, InterceptorChain?
        ) -> Void
    /// Makes the handler and puts it into a system; returns what ends it.
    package let install:
        @Sendable (HandlerSettings, HandlerContext, _ instance: String, _ system: inout EffectSystem)
            async throws(EffectError) -> (@Sendable () async -> Void)

    /// Declares a handler.
    ///
    /// - Parameters:
    ///   - key: The family.
    ///   - technology: The name in profiles.
    ///   - summary: What the handler is, in one sentence.
    ///   - settings: The settings that it takes.
    ///   - uses: The families that it takes from its context, `CryptoEffect.name` or `KeysEffect.name`; a profile without them
    ///     is refused.
    ///   - capabilities: What it will declare; checked against an application's needs before it is made.
    ///   - derivedValues: What it makes of a budget.
    ///   - budgetWithin: What it leaves of a budget to the handlers that it is made over; by default the whole.
    ///   - make: Makes the handler.
    ///   - restore: Puts a backup in place, where the handler can.
    ///   - schema: Takes care of the handler's tables, where it keeps them in a database server.
    ///   - resources: Takes care of what the handler needs of a service.
    ///   - permissions: What services have to allow for the handler to work, or what it calls of those that it is made over.
    public init<Key: EffectKey>(
        _ key: Key.Type,
        technology: String,
        summary: String,
        settings: [SettingDeclaration] = [],
        uses: [String] = [],
        capabilities: @escaping @Sendable (HandlerSettings, ResourceBudget) -> Capabilities,
        derivedValues: @escaping @Sendable (HandlerSettings, ResourceBudget) -> [DerivedValue] = { _, _ in [] },
        budgetWithin: @escaping @Sendable (HandlerSettings, ResourceBudget) -> ResourceBudget = { $1 },
        make:
            @escaping @Sendable (HandlerSettings, HandlerContext) async throws(EffectError) -> ManagedHandler<
                Key.Handler
            >,
        restore: Restore? = nil,
        schema: SchemaMaintenance? = nil,
        resources: ServiceResources? = nil,
        permissions: HandlerPermissions? = nil
    ) {
        self.effect = key.name
        self.technology = technology
        self.summary = summary
        self.settings = settings
        self.uses = uses
        self.capabilities = capabilities
        self.derivedValues = derivedValues
        self.budgetWithin = budgetWithin
        self.restore = restore
        self.schema = schema
        self.resources = resources
        self.permissions = permissions
        self.operations = Key.operations
        self.expose = { bare, surrounded, instance, interceptors in
            let handler = bare[Key.self, instance: instance]
            surrounded[Key.self, instance: instance] =
                interceptors.map { Key.intercepted(handler, by: $0) } ?? handler
        }
        self.install = { settings, context, instance, system throws(EffectError) in
            let made = try await make(settings, context)
            system[Key.self, instance: instance] = made.handler
            return made.stop
        }
    }
}

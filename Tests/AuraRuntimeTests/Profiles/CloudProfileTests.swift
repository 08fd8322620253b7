internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Logging
internal import Testing

@testable internal import AuraRuntime

@Suite("The services of a cloud in a profile")
struct CloudProfileTests {
    private static let head = "profile: cloudy\nenvironment: mobile\n"
    private static let clocks = "time: { handler: system }\nrandom: { handler: system }\n"
    private static let services = "objects, keyValues, queue, topics, functions"

    private func assembly(
        _ cloud: String,
        needs: EffectNeeds = [],
        variables: [String: String] = [:]
    ) throws(ProfileErrors) -> Assembly {
        let registry = HandlerRegistry {
            MemoryHandlers()
            SystemHandlers()
        }
        let profile = try Profile(yaml: Self.head + cloud + Self.clocks, file: "cloudy.yaml")
        return try Assembly(profile, registry, needs: needs, variables: variables)
    }

    private func problems(
        _ cloud: String,
        needs: EffectNeeds = [],
        variables: [String: String] = [:]
    ) -> [String] {
        do throws(ProfileErrors) {
            _ = try assembly(cloud, needs: needs, variables: variables)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test("are chosen each on its own, with instances and settings")
    func choosing() throws {
        let assembly = try assembly(
            """
            cloud:
              objects:
                default: { handler: memory }
                archive: { handler: memory }
              queue: { handler: memory, deliveries: 3 }

            """,
            needs: [.objects(.uniqueRevisions), .objects.named("archive"), .queue(.fifo)]
        )
        let keys = assembly.handlers.map(\.key)
        #expect(keys == ["time", "random", "cloud.objects", "cloud.objects.archive", "cloud.queue"])
        #expect(assembly.handlers.last?.values.integer("deliveries") == 3)
        #expect(assembly.needs.isMet)
        #expect(assembly.warnings.isEmpty)
    }

    @Test("reach an application by their names")
    func reaching() async throws {
        let yaml = """
            cloud:
              objects: { default: { handler: memory }, archive: { handler: memory } }
              keyValues: { handler: memory }
              queue: { handler: memory }
              topics: { handler: memory }
              functions: { handler: memory }

            """
        try await assembly(yaml)
            .withEffects(logger: Logger(label: "test")) { effects, _ in
                try await effects.objects.put(ByteStream([1]), to: "a")
                let archive = effects[ObjectsEffect.self, instance: "archive"]
                #expect(try await archive.info("a") == nil)
                #expect(try await effects.objects.info("a")?.byteCount == 1)
                try await effects.keyValues.put(Item(["n": 1]), to: ItemKey("p", "a"))
                try await effects.queue.send(QueueMessage([1]))
                try await effects.topics.createTopic("a")
                await #expect(throws: EffectError.self) { try await effects.functions.invoke("none", []) }
            }
    }

    @Test("are set by variables that name the cloud and the service")
    func variables() throws {
        let chosen = try assembly(
            "cloud: { queue: { handler: memory } }\n",
            variables: ["AURA_CLOUD_QUEUE_DELIVERIES": "7"]
        )
        #expect(chosen.handlers.last?.values.integer("deliveries") == 7)
        let added = try assembly("", variables: ["AURA_CLOUD_OBJECTS_HANDLER": "memory"])
        #expect(added.handlers.last?.key == "cloud.objects")
        let misspelt = try assembly(
            "cloud: { queue: { handler: memory } }\n",
            variables: ["AURA_CLOUD_QUEUE_DELIVERIS": "7"]
        )
        #expect(misspelt.warnings.count == 1)
        #expect(misspelt.warnings.first?.description.contains("AURA_CLOUD_QUEUE_DELIVERIES") == true)
    }

    @Test("of a profile that extends another are merged one by one")
    func extending() throws {
        let folder = try TemporaryFolder()
        let base = "cloud:\n  objects: { handler: memory }\n  queue: { handler: memory, deliveries: 3 }\n"
        try folder.write([
            "base.yaml": "profile: base\nenvironment: mobile\n" + base + Self.clocks,
            "top.yaml":
                "profile: top\nextends: base\ncloud: { queue: { deliveries: 4 }, topics: { handler: memory } }\n",
        ])
        let profile = try Profile.find("\(folder.path)/top.yaml", variables: [:])
        let registry = HandlerRegistry {
            MemoryHandlers()
            SystemHandlers()
        }
        let assembly = try Assembly(profile, registry, variables: [:])
        let keys = assembly.handlers.dropFirst(2).map(\.key)
        #expect(keys == ["cloud.objects", "cloud.queue", "cloud.topics"])
        #expect(assembly.handlers.first { $0.key == "cloud.queue" }?.values.integer("deliveries") == 4)
    }

    @Test("are named with place, key and nearest name where they are wrong")
    func mistakes() {
        #expect(
            problems("cloud:\n  object: { handler: memory }\n", needs: [.objects])
                == [
                    "cloudy.yaml:4:3: cloud.object: unknown service; did you mean 'objects'? 'cloud' takes: "
                        + Self.services
                ]
        )
        #expect(
            problems("objects: { handler: memory }\n", needs: [.objects])
                == [
                    "cloudy.yaml:3:1: objects: stands below 'cloud'; write 'cloud: { objects: { handler: NAME } }'"
                ]
        )
        #expect(
            problems("cloud: memory\n", needs: [.queue])
                == [
                    "cloudy.yaml:3:1: cloud: must be a mapping of services, not text; write 'cloud: { objects: { "
                        + "handler: NAME } }'"
                ]
        )
        #expect(
            problems("cluod: { queue: { handler: memory } }\n", needs: [.queue])
                == [
                    "cloudy.yaml:3:1: cluod: unknown key; did you mean 'cloud'? a profile takes: profile, extends, "
                        + "environment, waive, policy, telemetry, faults, and the effects storage, journal, network, "
                        + "time, random, crypto, keys, http, secrets, cloud"
                ]
        )
        #expect(
            problems("cloud: { queue: memory }\n", needs: [.queue])
                == ["cloudy.yaml:3:10: cloud.queue: must be a mapping, not text; write 'queue: { handler: NAME }'"]
        )
        #expect(
            problems("cloud: { queue: { handler: memori } }\n", needs: [.queue])
                == [
                    "cloudy.yaml:3:28: cloud.queue.handler: the application links no handler 'memori' for 'queue'; did "
                        + "you mean 'memory'? linked: memory"
                ]
        )
        #expect(
            problems("cloud: { queue: { handler: memory, deliveris: 3 } }\n")
                == [
                    "cloudy.yaml:3:36: cloud.queue.deliveris: unknown setting; did you mean 'deliveries'? 'memory' "
                        + "takes: deliveries"
                ]
        )
        #expect(
            problems("", needs: [.keyValues])
                == [
                    "cloudy.yaml: cloud.keyValues: the application needs it, and the profile has none; add "
                        + "'cloud.keyValues'; linked: memory"
                ]
        )
    }

    @Test("are refused where they do not meet a need")
    func needs() {
        #expect(
            problems("cloud: { topics: { handler: memory } }\n", needs: [.topics(.durable)])
                == [
                    "cloudy.yaml:3:29: cloud.topics: the application needs 'durable', which 'memory' does not declare; no "
                        + "linked handler does, so link one that does, or for development add 'waive: [topics.durable]'"
                ]
        )
    }
}

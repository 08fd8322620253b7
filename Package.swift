// swift-tools-version: 6.3

import CompilerPluginSupport
import PackageDescription

// Warnings are errors in CI only: a newer compiler's new warning must not break a user's build.
let warningsAreErrors = Context.environment["AURA_WARNINGS_AS_ERRORS"] != nil

let swiftSettings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

// Targets that touch C say where they leave memory safety.
let swiftSettingsWithC: [SwiftSetting] = swiftSettings + [.strictMemorySafety()]

let package = Package(
    name: "aura",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .library(name: "AuraEffects", targets: ["AuraEffects"]),
        .library(name: "AuraRuntime", targets: ["AuraRuntime"]),
        .library(name: "AuraCloud", targets: ["AuraCloud"]),
        .library(name: "AuraConformance", targets: ["AuraConformance"]),
        .library(name: "AuraReplication", targets: ["AuraReplication"]),
        .library(name: "AuraSimulation", targets: ["AuraSimulation"]),
        .library(name: "AuraSimulationTesting", targets: ["AuraSimulationTesting"]),
        .library(name: "AuraTransfer", targets: ["AuraTransfer"]),
        .library(name: "AuraMemory", targets: ["AuraMemory"]),
        .library(name: "AuraSystem", targets: ["AuraSystem"]),
        .library(name: "AuraSQLite", targets: ["AuraSQLite"]),
        .library(name: "AuraPostgreSQL", targets: ["AuraPostgreSQL"]),
        .library(name: "AuraOpenSSL", targets: ["AuraOpenSSL"]),
        .library(name: "AuraTLSNetwork", targets: ["AuraTLSNetwork"]),
        .library(name: "AuraCurl", targets: ["AuraCurl"]),
        .library(name: "AuraAWS", targets: ["AuraAWS"]),
        .library(name: "AuraFileSystem", targets: ["AuraFileSystem"]),
        .library(name: "AuraLayered", targets: ["AuraLayered"]),
        .library(name: "AuraMacros", targets: ["AuraMacros"]),
        .executable(name: "fieldnotes-simulate", targets: ["FieldnotesSimulate"]),
        .executable(name: "aura", targets: ["AuraCLI"]),
        .executable(name: "fieldnotes", targets: ["Fieldnotes"]),
    ],
    traits: [
        .trait(name: "SQLite", description: "Journal and storage on libsqlite3, the embedded default."),
        .trait(name: "PostgreSQL", description: "Journal and storage on libpq, for servers."),
        .trait(name: "OpenSSL", description: "Keys, signatures and encryption on OpenSSL's libcrypto."),
        .trait(
            name: "Argon2",
            description: "Keys from passwords by Argon2id, on libargon2.",
            enabledTraits: ["OpenSSL"]
        ),
        .trait(
            name: "TLSNetwork",
            description: "The network over TCP and TLS 1.3, by OpenSSL on SwiftNIO.",
            enabledTraits: ["OpenSSL"]
        ),
        .trait(name: "Curl", description: "HTTP/1.1 and HTTP/2 on libcurl."),
        .trait(
            name: "AWS",
            description: "Amazon Web Services over libcurl and libcrypto: S3, DynamoDB, SQS, SNS and Lambda.",
            enabledTraits: ["Curl", "OpenSSL"]
        ),
        .trait(name: "Generator", description: "What writes effects' handlers beside them, for work on Aura itself."),
        .trait(
            name: "Macros",
            description: "The macro '@Effect'; swift-syntax takes minutes to compile.",
            enabledTraits: ["Generator"]
        ),
        .default(enabledTraits: ["SQLite"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
    ],
    targets: [
        .target(name: "AuraEffects", swiftSettings: swiftSettings),
        .target(name: "CSHA256"),
        .target(
            name: "AuraRuntime",
            dependencies: [
                "AuraEffects", "CSHA256",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swiftSettingsWithC
        ),
        .target(
            name: "AuraCloud",
            dependencies: ["AuraRuntime", .product(name: "Logging", package: "swift-log")],
            swiftSettings: swiftSettings
        ),
        .target(name: "AuraConformance", dependencies: ["AuraEffects"], swiftSettings: swiftSettings),
        .target(
            name: "AuraReplication",
            dependencies: ["AuraRuntime", .product(name: "Logging", package: "swift-log")],
            swiftSettings: swiftSettings
        ),
        .target(name: "AuraTransfer", dependencies: ["AuraRuntime"], swiftSettings: swiftSettings),

        // The simulation. CSimulation replaces the process's clocks and random bytes: no production binary links it.
        .target(name: "CSimulation"),
        .target(
            name: "AuraSimulation",
            dependencies: [
                "AuraRuntime", "AuraMemory", "CSimulation", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettingsWithC
        ),
        .target(name: "AuraSimulationTesting", dependencies: ["AuraSimulation"], swiftSettings: swiftSettings),

        // What makes an effect's handlers from its protocol: the macro, and what `make generate` runs. With the macro swift-syntax
        // is compiled twice, for the plugin and for the tests.
        .target(
            name: "EffectExpansion",
            dependencies: [
                .product(name: "SwiftDiagnostics", package: "swift-syntax", condition: .when(traits: ["Generator"])),
                .product(name: "SwiftParser", package: "swift-syntax", condition: .when(traits: ["Generator"])),
                .product(name: "SwiftSyntax", package: "swift-syntax", condition: .when(traits: ["Generator"])),
            ],
            swiftSettings: swiftSettings
        ),
        .macro(
            name: "AuraMacrosPlugin",
            dependencies: [
                "EffectExpansion",
                .product(name: "SwiftCompilerPlugin", package: "swift-syntax", condition: .when(traits: ["Macros"])),
                .product(name: "SwiftSyntax", package: "swift-syntax", condition: .when(traits: ["Macros"])),
                .product(name: "SwiftSyntaxBuilder", package: "swift-syntax", condition: .when(traits: ["Macros"])),
                .product(name: "SwiftSyntaxMacros", package: "swift-syntax", condition: .when(traits: ["Macros"])),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "AuraMacros",
            dependencies: [.target(name: "AuraMacrosPlugin", condition: .when(traits: ["Macros"]))],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "EffectGenerator",
            dependencies: ["EffectExpansion"],
            swiftSettings: swiftSettings
        ),

        // Handlers
        .target(
            name: "AuraMemory",
            dependencies: ["AuraRuntime"],
            path: "Handlers/Memory/Sources",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "AuraSystem",
            dependencies: ["AuraRuntime", .product(name: "Logging", package: "swift-log")],
            path: "Handlers/System/Sources",
            swiftSettings: swiftSettingsWithC
        ),
        .systemLibrary(
            name: "CSQLite",
            path: "Handlers/SQLite/CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]
        ),
        .target(
            name: "AuraSQLite",
            dependencies: [
                "AuraRuntime",
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/SQLite/Sources",
            swiftSettings: swiftSettingsWithC
        ),
        .systemLibrary(
            name: "CPostgreSQL",
            path: "Handlers/PostgreSQL/CPostgreSQL",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(
            name: "AuraPostgreSQL",
            dependencies: [
                "AuraRuntime",
                .target(name: "CPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/PostgreSQL/Sources",
            swiftSettings: swiftSettingsWithC
        ),
        .systemLibrary(
            name: "COpenSSL",
            path: "Handlers/OpenSSL/COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .systemLibrary(
            name: "CArgon2",
            path: "Handlers/OpenSSL/CArgon2",
            pkgConfig: "libargon2",
            providers: [.apt(["libargon2-dev"]), .brew(["argon2"])]
        ),
        // What the handlers on OpenSSL share: owners of its objects, and its error queue
        .target(
            name: "OpenSSLSupport",
            dependencies: [
                "AuraRuntime",
                .target(name: "COpenSSL", condition: .when(traits: ["OpenSSL"])),
            ],
            path: "Handlers/OpenSSL/Support",
            swiftSettings: swiftSettingsWithC
        ),
        .target(
            name: "AuraOpenSSL",
            dependencies: [
                "AuraRuntime",
                .target(name: "OpenSSLSupport", condition: .when(traits: ["OpenSSL"])),
                .target(name: "COpenSSL", condition: .when(traits: ["OpenSSL"])),
                .target(name: "CArgon2", condition: .when(traits: ["Argon2"])),
            ],
            path: "Handlers/OpenSSL/Sources",
            swiftSettings: swiftSettingsWithC
        ),
        .target(
            name: "AuraTLSNetwork",
            dependencies: [
                "AuraRuntime",
                .target(name: "OpenSSLSupport", condition: .when(traits: ["TLSNetwork"])),
                .target(name: "COpenSSL", condition: .when(traits: ["TLSNetwork"])),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["TLSNetwork"])),
                .product(name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["TLSNetwork"])),
            ],
            path: "Handlers/TLSNetwork/Sources",
            swiftSettings: swiftSettingsWithC
        ),
        .systemLibrary(
            name: "CCurl",
            path: "Handlers/Curl/CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]
        ),
        .target(
            name: "AuraCurl",
            dependencies: [
                "AuraRuntime",
                .target(name: "CCurl", condition: .when(traits: ["Curl"])),
            ],
            path: "Handlers/Curl/Sources",
            swiftSettings: swiftSettingsWithC
        ),
        .target(name: "CFileSystem", path: "Handlers/FileSystem/CFileSystem"),
        .target(
            name: "AuraFileSystem",
            dependencies: ["AuraRuntime", "CFileSystem", .product(name: "Logging", package: "swift-log")],
            path: "Handlers/FileSystem/Sources",
            swiftSettings: swiftSettingsWithC
        ),

        .target(
            name: "AuraAWS",
            dependencies: ["AuraCloud", .target(name: "OpenSSLSupport", condition: .when(traits: ["AWS"]))],
            path: "Handlers/AWS/Sources",
            swiftSettings: swiftSettings
        ),

        .target(
            name: "AuraLayered",
            dependencies: ["AuraRuntime", .product(name: "Logging", package: "swift-log")],
            path: "Handlers/Layered/Sources",
            swiftSettings: swiftSettings
        ),

        // Processes of their own for the fault tests
        .target(name: "CSyncCounter", path: "Handlers/SQLite/CSyncCounter"),
        .executableTarget(
            name: "journal-worker",
            dependencies: [
                "AuraRuntime", "AuraSystem", "CSyncCounter",
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/SQLite/Worker",
            swiftSettings: swiftSettingsWithC
        ),
        .executableTarget(
            name: "postgresql-worker",
            dependencies: [
                "AuraRuntime", "AuraSystem",
                .target(name: "AuraPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/PostgreSQL/Worker",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "aws-worker",
            dependencies: ["AuraAWS", "AuraCurl", "AuraLayered", "AuraRuntime", "AuraSystem"],
            path: "Handlers/AWS/Worker",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "storage-worker",
            dependencies: [
                "AuraFileSystem", "AuraSystem", "CSyncCounter", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/FileSystem/Worker",
            swiftSettings: swiftSettingsWithC
        ),

        // The command line
        .executableTarget(
            name: "AuraCLI",
            dependencies: [
                "AuraRuntime", "AuraTransfer", "AuraFileSystem", "AuraLayered", "AuraMemory", "AuraSystem",
                .target(name: "AuraAWS", condition: .when(traits: ["AWS"])),
                .target(name: "AuraCurl", condition: .when(traits: ["Curl"])),
                .target(name: "AuraOpenSSL", condition: .when(traits: ["OpenSSL"])),
                .target(name: "AuraPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .target(name: "AuraTLSNetwork", condition: .when(traits: ["TLSNetwork"])),
                .target(name: "OpenSSLSupport", condition: .when(traits: ["OpenSSL"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettingsWithC
        ),

        // What `make generate` asks for the page of all handlers
        .executableTarget(
            name: "HandlerReference",
            dependencies: [
                "AuraRuntime", "AuraFileSystem", "AuraLayered", "AuraMemory", "AuraSystem",
                .target(name: "AuraAWS", condition: .when(traits: ["AWS"])),
                .target(name: "AuraCurl", condition: .when(traits: ["Curl"])),
                .target(name: "AuraOpenSSL", condition: .when(traits: ["OpenSSL"])),
                .target(name: "AuraPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .target(name: "AuraTLSNetwork", condition: .when(traits: ["TLSNetwork"])),
            ],
            swiftSettings: swiftSettings
        ),

        // The example
        .target(
            name: "FieldnotesCore",
            dependencies: ["AuraRuntime"],
            swiftSettings: swiftSettingsWithC
        ),
        .executableTarget(
            name: "Fieldnotes",
            dependencies: [
                "FieldnotesCore", "AuraReplication", "AuraRuntime", "AuraFileSystem", "AuraLayered", "AuraMemory",
                "AuraSystem",
                .target(name: "AuraAWS", condition: .when(traits: ["AWS"])),
                .target(name: "AuraCurl", condition: .when(traits: ["Curl"])),
                .target(name: "AuraOpenSSL", condition: .when(traits: ["OpenSSL"])),
                .target(name: "AuraPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .target(name: "AuraTLSNetwork", condition: .when(traits: ["TLSNetwork"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "FieldnotesSimulate",
            dependencies: [
                "FieldnotesCore", "AuraReplication", "AuraRuntime", "AuraFileSystem", "AuraMemory", "AuraSimulation",
                "AuraSystem",
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),

        // Tests
        .testTarget(
            name: "AuraEffectsTests",
            dependencies: ["AuraEffects", "AuraMemory"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "RuntimeFixture",
            dependencies: ["AuraRuntime", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/RuntimeFixture",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "MetricsFixture",
            dependencies: [
                "AuraRuntime", "AuraMemory", "AuraSystem",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            path: "Tests/MetricsFixture",
            swiftSettings: swiftSettings
        ),
        // It holds up every thread that unlocks a mutex.
        .target(name: "CLateUnlock", path: "Tests/CLateUnlock"),
        .executableTarget(
            name: "ExecutorFixture",
            dependencies: ["AuraRuntime", "CLateUnlock"],
            path: "Tests/ExecutorFixture",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "AuraRuntimeTests",
            dependencies: [
                "AuraRuntime", "AuraMemory", "AuraSystem", "CSHA256", "ExecutorFixture", "MetricsFixture",
                "RuntimeFixture",
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "AuraReplicationTests",
            dependencies: [
                "AuraReplication", "AuraMemory", "AuraSystem",
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings
        ),
        // Programs with a bug each, and their fixed twins: what the simulation has to find
        .target(
            name: "PlantedBugs",
            dependencies: ["AuraRuntime", "AuraMemory"],
            path: "Tests/PlantedBugs",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "PlantedBugsTests",
            dependencies: ["AuraSimulation", "AuraSimulationTesting", "PlantedBugs"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "AuraSimulationTests",
            dependencies: [
                "AuraConformance", "AuraFileSystem", "AuraLayered", "AuraMemory", "AuraReplication", "AuraRuntime",
                "AuraSimulation", "AuraSimulationTesting", "AuraSystem",
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "AuraTransferTests",
            dependencies: [
                "AuraCLI", "AuraTransfer", "AuraMemory", "AuraSystem", "AuraRuntime",
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings
        ),
        // The macro itself is tested by the example Umbrella.
        .testTarget(
            name: "EffectExpansionTests",
            dependencies: [
                "EffectExpansion",
                .product(name: "SwiftDiagnostics", package: "swift-syntax", condition: .when(traits: ["Generator"])),
                .product(name: "SwiftParser", package: "swift-syntax", condition: .when(traits: ["Generator"])),
                .product(name: "SwiftSyntax", package: "swift-syntax", condition: .when(traits: ["Generator"])),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MemoryHandlerTests",
            dependencies: ["AuraConformance", "AuraMemory", "AuraRuntime", "AuraSystem"],
            path: "Handlers/Memory/Tests",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "SystemHandlerTests",
            dependencies: [
                "AuraConformance", "AuraRuntime", "AuraSystem", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/System/Tests",
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "SQLiteHandlerTests",
            dependencies: [
                "AuraConformance", "AuraSQLite", "AuraMemory", "AuraSystem", "journal-worker",
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            path: "Handlers/SQLite/Tests",
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "PostgreSQLHandlerTests",
            dependencies: [
                "AuraConformance", "AuraLayered", "AuraPostgreSQL", "AuraMemory", "AuraSystem", "AuraCLI", "Fieldnotes",
                "postgresql-worker",
                .target(name: "CPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            path: "Handlers/PostgreSQL/Tests",
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "OpenSSLHandlerTests",
            dependencies: [
                "AuraConformance", "AuraOpenSSL", "AuraMemory", "AuraSystem",
                .target(name: "OpenSSLSupport", condition: .when(traits: ["OpenSSL"])),
                .target(name: "COpenSSL", condition: .when(traits: ["OpenSSL"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/OpenSSL/Tests",
            exclude: ["Vectors"],
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "AuraCloudTests",
            dependencies: ["AuraCloud", "AuraMemory", "AuraSystem", .product(name: "Logging", package: "swift-log")],
            path: "Tests/AuraCloudTests",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "AWSHandlerTests",
            dependencies: [
                "AuraConformance", "AuraAWS", "AuraCLI", "AuraCloud", "AuraCurl", "AuraLayered", "AuraMemory",
                "AuraSystem", "Fieldnotes", "FieldnotesCore", "aws-worker",
                .target(name: "OpenSSLSupport", condition: .when(traits: ["AWS"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/AWS/Tests",
            exclude: [
                "Recorded/dynamodb.jsonl", "Recorded/lambda.jsonl", "Recorded/s3.jsonl", "Recorded/sns.jsonl",
                "Recorded/sqs.jsonl", "Support/boto3_peer.py", "Vectors",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CurlHandlerTests",
            dependencies: [
                "AuraConformance", "AuraCurl", "AuraMemory", "AuraSystem",
                .target(name: "CCurl", condition: .when(traits: ["Curl"])),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "Handlers/Curl/Tests",
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "TLSNetworkHandlerTests",
            dependencies: [
                "AuraConformance", "AuraTLSNetwork", "AuraMemory", "AuraSystem",
                .target(name: "OpenSSLSupport", condition: .when(traits: ["TLSNetwork"])),
                .target(name: "COpenSSL", condition: .when(traits: ["TLSNetwork"])),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["TLSNetwork"])),
                .product(name: "NIOEmbedded", package: "swift-nio", condition: .when(traits: ["TLSNetwork"])),
                .product(name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["TLSNetwork"])),
            ],
            path: "Handlers/TLSNetwork/Tests",
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "AuraCLITests",
            dependencies: [
                "AuraCLI", "AuraMemory", "AuraSystem", "AuraRuntime",
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .target(name: "AuraTLSNetwork", condition: .when(traits: ["TLSNetwork"])),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FileSystemHandlerTests",
            dependencies: [
                "AuraConformance", "AuraFileSystem", "AuraMemory", "AuraSystem", "CFileSystem", "storage-worker",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/FileSystem/Tests",
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "LayeredHandlerTests",
            dependencies: [
                "AuraConformance", "AuraFileSystem", "AuraLayered", "AuraMemory", "AuraReplication", "AuraSystem",
                "CFileSystem",
                .target(name: "AuraOpenSSL", condition: .when(traits: ["OpenSSL"])),
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Handlers/Layered/Tests",
            swiftSettings: swiftSettingsWithC
        ),
        .testTarget(
            name: "FieldnotesSimulateTests",
            dependencies: [
                "AuraEffects", "AuraFileSystem", "AuraRuntime", "AuraSimulation", "FieldnotesCore",
                "FieldnotesSimulate",
                .target(name: "AuraSQLite", condition: .when(traits: ["SQLite"])),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FieldnotesTests",
            dependencies: [
                "Fieldnotes", "FieldnotesCore", "AuraMemory", "AuraSystem", "AuraRuntime",
                .target(name: "OpenSSLSupport", condition: .when(traits: ["TLSNetwork"])),
            ],
            swiftSettings: swiftSettingsWithC
        ),
    ]
)

// Only `make docs` needs the plugin: a package that depends on Aura does not fetch it.
if Context.environment["AURA_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// Only `make fuzz` needs it: every module is compiled for libFuzzer then.
if Context.environment["AURA_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "aura-fuzz",
            dependencies: ["AuraEffects", "AuraLayered", "AuraSystem", "AuraTLSNetwork"],
            path: "Tests/Fuzzing",
            exclude: ["Corpus"],
            swiftSettings: swiftSettingsWithC
        )
    )
}

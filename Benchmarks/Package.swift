// swift-tools-version: 6.3

import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "aura-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "aura", path: "..", traits: ["SQLite", "PostgreSQL", "OpenSSL", "TLSNetwork", "Curl", "AWS"]),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        // What the same work costs in C. It links sqlite3 itself, so that a baseline shares no code with what it measures.
        .target(name: "CBaseline", linkerSettings: [.linkedLibrary("sqlite3")]),
        // How suites are measured and shown
        .target(
            name: "Measuring",
            dependencies: [
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "aura-bench",
            dependencies: [
                "CBaseline", "Measuring",
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraFileSystem", package: "aura"),
                .product(name: "AuraLayered", package: "aura"),
                .product(name: "AuraMemory", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSQLite", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "AuraTransfer", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            path: "Sources/AuraBench",
            swiftSettings: swiftSettings
        ),
        // An executable of its own: what the simulation replaces of a process must not be in what others measure.
        .executableTarget(
            name: "aura-bench-simulation",
            dependencies: [
                "Measuring",
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraMemory", package: "aura"),
                .product(name: "AuraReplication", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSimulation", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/AuraBenchSimulation",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "CBaselinePostgreSQL",
            cSettings: [.unsafeFlags(["-I/usr/include/postgresql"])],
            linkerSettings: [.linkedLibrary("pq")]
        ),
        // An executable of its own, so that the others need neither libpq nor a server.
        .executableTarget(
            name: "aura-bench-postgresql",
            dependencies: [
                "CBaselinePostgreSQL", "Measuring",
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraPostgreSQL", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/AuraBenchPostgreSQL",
            swiftSettings: swiftSettings
        ),
        .target(name: "CBaselineNetwork", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        // An executable of its own, so that the others do not link OpenSSL.
        .executableTarget(
            name: "aura-bench-network",
            dependencies: [
                "CBaselineNetwork", "Measuring",
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraReplication", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSQLite", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "AuraTLSNetwork", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/AuraBenchNetwork",
            swiftSettings: swiftSettings
        ),
        .target(name: "CBaselineHTTP", linkerSettings: [.linkedLibrary("curl")]),
        // An executable of its own, so that the others need neither libcurl nor nginx.
        .executableTarget(
            name: "aura-bench-http",
            dependencies: [
                "CBaselineHTTP", "Measuring",
                .product(name: "AuraCurl", package: "aura"),
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/AuraBenchHTTP",
            swiftSettings: swiftSettings
        ),
        // An executable of its own, so that the others do not need OpenSSL.
        .executableTarget(
            name: "aura-bench-crypto",
            dependencies: [
                "Measuring",
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraFileSystem", package: "aura"),
                .product(name: "AuraLayered", package: "aura"),
                .product(name: "AuraOpenSSL", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSQLite", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/AuraBenchCrypto",
            swiftSettings: swiftSettings
        ),
        .target(name: "CBaselineAWS"),
        // An executable of its own, so that the others do not need libcurl.
        .executableTarget(
            name: "aura-bench-aws",
            dependencies: [
                "CBaselineAWS", "Measuring",
                .product(name: "AuraAWS", package: "aura"),
                .product(name: "AuraCloud", package: "aura"),
                .product(name: "AuraCurl", package: "aura"),
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraOpenSSL", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/AuraBenchAWS",
            exclude: ["boto3_baseline.py"],
            swiftSettings: swiftSettings
        ),
    ]
)

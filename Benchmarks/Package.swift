// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "aura-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "aura", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        // What the same work costs in C. It links sqlite3 itself, so that a baseline shares no code with what it measures.
        .target(name: "CBaseline", linkerSettings: [.linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "aura-bench",
            dependencies: [
                "CBaseline",
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraFileSystem", package: "aura"),
                .product(name: "AuraMemory", package: "aura"),
                .product(name: "AuraReplication", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSQLite", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "AuraTransfer", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            path: "Sources/AuraBench",
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ]
        ),
    ]
)

// swift-tools-version: 6.3

import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "log-storage",
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [
        .library(name: "LogStorage", targets: ["LogStorage"]),
        .executable(name: "visits", targets: ["Visits"]),
    ],
    dependencies: [
        // By its path, since this example stands within Aura. A package of your own says `url:` and `from:`.
        .package(name: "aura", path: "../../..")
    ],
    targets: [
        .target(
            name: "LogStorage",
            dependencies: [
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "Visits",
            dependencies: [
                "LogStorage",
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraMemory", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "LogStorageTests",
            dependencies: [
                "LogStorage",
                .product(name: "AuraConformance", package: "aura"),
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraMemory", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
            ],
            swiftSettings: swiftSettings
        ),
    ]
)

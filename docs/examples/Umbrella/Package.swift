// swift-tools-version: 6.3

import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "umbrella",
    platforms: [.macOS(.v15), .iOS(.v18)],
    dependencies: [
        // By its path, since this example stands within Aura. A package of your own says `url:` and `from:`.
        .package(name: "aura", path: "../../..", traits: ["Macros"])
    ],
    targets: [
        .executableTarget(
            name: "umbrella",
            dependencies: [
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraMacros", package: "aura"),
                .product(name: "AuraMemory", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
            ],
            path: "Sources/Umbrella",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "UmbrellaTests",
            dependencies: [
                "umbrella",
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraMacros", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
            ],
            swiftSettings: swiftSettings
        ),
    ]
)

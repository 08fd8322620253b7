// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "diary",
    platforms: [.macOS(.v15)],
    dependencies: [
        // By its path, since this example stands within Aura. A package of your own says `url:` and `from:`.
        .package(name: "aura", path: "../../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "diary",
            dependencies: [
                .product(name: "AuraEffects", package: "aura"),
                .product(name: "AuraMemory", package: "aura"),
                .product(name: "AuraRuntime", package: "aura"),
                .product(name: "AuraSQLite", package: "aura"),
                .product(name: "AuraSystem", package: "aura"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Diary"
        ),
        .testTarget(
            name: "DiaryTests",
            dependencies: ["diary", .product(name: "AuraMemory", package: "aura")]
        ),
    ]
)

// swift-tools-version: 6.2

import PackageDescription

/// Coverage-guided fuzzing of everything that reads bytes from strangers.
///
/// A package of its own: instrumented and with libFuzzer's runtime, nothing of it belongs in the
/// ordinary build.
/// `Scripts/fuzz` builds and runs it.
let package = Package(
    name: "fuzzing",
    dependencies: [
        .package(name: "spindle", path: ".."),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .systemLibrary(name: "CLibFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CLibFuzzer",
                .product(name: "SpindleKit", package: "spindle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        )
    ]
)

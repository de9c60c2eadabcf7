// swift-tools-version: 6.2

import PackageDescription

/// The layers of Sources, from the bottom to the top.
///
/// A target may import only what it names here, and `Scripts/check-layering` holds the source to
/// it.
let package = Package(
    name: "spindle",
    products: [
        .library(name: "SpindleKit", targets: ["SpindleKit"]),
        .library(name: "SpindleImages", targets: ["SpindleImages"]),
        .executable(name: "spindle", targets: ["spindle"]),
        .executable(name: "spindle-second-opinion", targets: ["spindle-second-opinion"]),
        .library(name: "CDriveInterposer", type: .dynamic, targets: ["CDriveInterposer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // C modules: a module map and a header each, except for the interposer.
        .systemLibrary(
            name: "CLibBurn",
            pkgConfig: "libburn-1",
            providers: [.apt(["libburn-dev"])]
        ),
        .systemLibrary(
            name: "CLibCdio",
            pkgConfig: "libcdio",
            providers: [.apt(["libcdio-dev"])]
        ),
        .systemLibrary(
            name: "CLibISO9660",
            pkgConfig: "libiso9660",
            providers: [.apt(["libiso9660-dev"])]
        ),
        .systemLibrary(
            name: "CLibISOFS",
            pkgConfig: "libisofs-1",
            providers: [.apt(["libisofs-dev"])]
        ),
        .systemLibrary(
            name: "CLibCrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .systemLibrary(
            name: "CLibZ",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        .systemLibrary(
            name: "CLibBZ2",
            providers: [.apt(["libbz2-dev"]), .brew(["bzip2"])]
        ),
        .systemLibrary(
            name: "CLibLZMA",
            pkgConfig: "liblzma",
            providers: [.apt(["liblzma-dev"]), .brew(["xz"])]
        ),
        .systemLibrary(
            name: "CLibZstd",
            pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]
        ),
        .systemLibrary(
            name: "CLibLZ4",
            pkgConfig: "liblz4",
            providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]
        ),
        .systemLibrary(
            name: "CLibFLAC",
            pkgConfig: "flac",
            providers: [.apt(["libflac-dev"]), .brew(["flac"])]
        ),
        .systemLibrary(
            name: "CLibSndfile",
            pkgConfig: "sndfile",
            providers: [.apt(["libsndfile1-dev"]), .brew(["libsndfile"])]
        ),
        .systemLibrary(
            name: "CLibSoxr",
            pkgConfig: "soxr",
            providers: [.apt(["libsoxr-dev"]), .brew(["libsoxr"])]
        ),
        .systemLibrary(
            name: "CLibEBUR128",
            pkgConfig: "libebur128",
            providers: [.apt(["libebur128-dev"]), .brew(["libebur128"])]
        ),
        .systemLibrary(
            name: "CLibWavPack",
            pkgConfig: "wavpack",
            providers: [.apt(["libwavpack-dev"]), .brew(["wavpack"])]
        ),
        .systemLibrary(name: "CLibFUSE", pkgConfig: "fuse3", providers: [.apt(["libfuse3-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "CDriveProtocol"),
        // Every program under `virtual run` loads it: Swift's runtime, which would come with its start
        // code and change what the program's crashes do, stays out of it.
        .target(
            name: "CDriveInterposer",
            dependencies: ["CDriveProtocol"],
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-stdlib"])]
        ),

        // The only importers of those.
        .target(name: "LinuxCalls", dependencies: ["CLinux", .systemPackage]),
        .target(name: "LibCrypto", dependencies: ["CLibCrypto", "CLibZ"]),
        .target(
            name: "LibCodecs",
            dependencies: ["CLibBZ2", "CLibFLAC", "CLibLZ4", "CLibLZMA", "CLibZ", "CLibZstd"]
        ),
        .target(
            name: "LibSound",
            dependencies: [
                "CLibEBUR128", "CLibSndfile", "CLibSoxr", "CLibWavPack", "LibCrypto",
            ]
        ),
        .target(name: "LibBurn", dependencies: ["CLibBurn", "LinuxCalls"]),
        .target(name: "LibCdio", dependencies: ["CLibCdio", "LinuxCalls", "MMC", .systemPackage]),
        .target(name: "LibISOFS", dependencies: ["CLibISOFS", "LinuxCalls"]),
        .target(name: "LibISO9660", dependencies: ["CLibISO9660", "LibCdio"]),
        .target(name: "LibFUSE", dependencies: ["CLibFUSE", "LinuxCalls", .systemPackage]),

        // Values.
        .target(name: "DiscModel"),
        .target(name: "MMC", dependencies: ["DiscModel"]),
        .target(name: "Reports"),

        // What other libraries think, each in a process of its own.
        .target(
            name: "SecondOpinion",
            dependencies: ["LibCdio", "LinuxCalls", .systemPackage]
        ),
        .executableTarget(
            name: "spindle-second-opinion",
            dependencies: [
                "LibCdio", "LibCrypto", "LibISO9660", "LinuxCalls", "Reports", "SecondOpinion",
            ]
        ),

        // Sectors on their way.
        .target(
            name: "Transfer",
            dependencies: ["DiscModel", "LinuxCalls", "LibCrypto", "Reports", .systemPackage]
        ),
        .target(
            name: "DiscFiles",
            dependencies: ["DiscModel", "LibCodecs", "LibCrypto", "Transfer"]
        ),
        .target(
            name: "DiscChecksums",
            dependencies: ["LibCrypto", "LinuxCalls", "Reports", "Transfer", .systemPackage]
        ),
        .target(
            name: "DiscImages",
            dependencies: [
                "DiscFiles", "DiscModel", "LibCodecs", "LibCrypto", "LibSound", "LinuxCalls",
                "Reports", "Transfer", .systemPackage,
            ]
        ),

        .target(
            name: "DiscOpinions",
            dependencies: [
                "DiscFiles", "DiscImages", "DiscModel", "LibCdio", "LibCrypto", "LinuxCalls",
                "SecondOpinion", "Transfer", .systemPackage,
            ]
        ),

        // Drives: the real ones, and the one in software.
        .target(
            name: "VirtualDrive",
            dependencies: ["DiscImages", "DiscModel", "LinuxCalls", "MMC"]
        ),
        .target(
            name: "DriveTrace",
            dependencies: ["DiscModel", "LibCrypto", "LinuxCalls", "MMC", .systemPackage]
        ),
        .target(
            name: "DriveNode",
            dependencies: [
                "CDriveProtocol", "LinuxCalls", "MMC", .systemPackage,
            ]
        ),
        .target(
            name: "DriveTarget",
            dependencies: ["LibCrypto", "LinuxCalls", "MMC"]
        ),
        .target(
            name: "DiscDrives",
            dependencies: [
                "DiscFiles", "DiscModel", "LibCdio", "LinuxCalls", "MMC", "Reports", "Transfer",
                .systemPackage,
            ]
        ),

        // What databases know of sound.
        .target(
            name: "DiscAudio",
            dependencies: [
                "DiscModel", "LibCrypto", "LinuxCalls", "Reports", "Transfer", .systemPackage,
            ]
        ),

        // The verbs.
        .target(
            name: "DiscOpening",
            dependencies: [
                "DiscDrives", "DiscImages", "DiscModel", "LinuxCalls", "Reports", "Transfer",
                .systemPackage,
            ]
        ),
        .target(
            name: "DiscVerification",
            dependencies: [
                "DiscChecksums", "DiscDrives", "DiscFiles", "DiscImages", "DiscModel", "LibCrypto",
                "LinuxCalls", "MMC", "Reports", "Transfer", .systemPackage,
            ]
        ),
        .target(
            name: "DiscConversion",
            dependencies: [
                "DiscImages", "DiscModel", "DiscVerification", "LibCrypto", "LinuxCalls", "Reports",
                "Transfer", .systemPackage,
            ]
        ),
        .target(
            name: "DiscAuthoring",
            dependencies: [
                "DiscChecksums", "DiscFiles", "DiscImages", "DiscModel", "LibCodecs", "LibCrypto",
                "LibISOFS", "LinuxCalls", "Reports", "Transfer", .systemPackage,
            ]
        ),
        .target(
            name: "DiscExtraction",
            dependencies: ["DiscFiles", "LinuxCalls", "Reports", "Transfer", .systemPackage]
        ),
        .target(
            name: "DiscMounting",
            dependencies: [
                "DiscFiles", "DiscModel", "LibCrypto", "LibFUSE", "LinuxCalls", "Reports",
                "Transfer", .systemPackage,
            ]
        ),
        .target(
            name: "DiscRipping",
            dependencies: [
                "DiscConversion", "DiscDrives", "DiscImages", "DiscFiles", "DiscModel", "LibCrypto",
                "LinuxCalls", "MMC", "Reports",
                "Transfer", .systemPackage,
            ]
        ),
        .target(
            name: "DiscBurning",
            dependencies: [
                "DiscAuthoring", "DiscDrives", "DiscFiles", "DiscImages", "DiscModel",
                "DiscMounting", "DiscVerification", "LibBurn", "LibCrypto", "LinuxCalls", "MMC",
                "Reports", "Transfer", .systemPackage,
            ]
        ),
        .target(
            name: "SpindleJobs",
            dependencies: [
                "DiscAudio", "DiscAuthoring", "DiscBurning", "DiscChecksums", "DiscConversion",
                "DiscDrives", "DiscExtraction", "DiscFiles", "DiscImages", "DiscModel",
                "DiscMounting", "DiscOpening", "DiscOpinions", "DiscRipping", "DiscVerification",
                "DriveNode", "DriveTarget", "DriveTrace", "LibCrypto", "LibFUSE", "LibISOFS", "MMC",
                "Reports",
                "SecondOpinion", "LinuxCalls", "LibBurn", "LibCodecs", "LibSound", "Transfer",
                "VirtualDrive", .systemPackage,
            ]
        ),

        // The public face: what a Swift program imports.
        .target(
            name: "SpindleKit",
            dependencies: ["DiscModel", "LinuxCalls", "Reports", "SpindleJobs", .systemPackage]
        ),

        // Images alone, without a drive: needs neither libburn nor libcdio.
        .target(
            name: "SpindleImages",
            dependencies: [
                "DiscFiles", "DiscImages", "DiscModel", "Reports", "Transfer", .systemPackage,
            ]
        ),

        // The command. What it was built from is in a folder of its own: see Scripts/build-facts.
        .target(
            name: "BuildFacts",
            path: Context.environment["SPINDLE_BUILD_FACTS"] ?? "Sources/BuildFacts"
        ),
        .target(name: "TerminalProgress", dependencies: ["Reports"]),
        .target(name: "ReportPages", dependencies: ["DiscModel", "Reports"]),
        .target(
            name: "SpindleCommands",
            dependencies: [
                "BuildFacts", "LinuxCalls", "ReportPages", "SpindleJobs", "TerminalProgress",
                .systemPackage,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(name: "spindle", dependencies: ["SpindleCommands"]),

        // What Benchmarks/sector-codes runs.
        .executableTarget(
            name: "SectorRates",
            dependencies: ["DiscModel"],
            path: "Benchmarks/SectorRates",
            linkerSettings: [.linkedLibrary("m")]
        ),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: [
                "DiscDrives", "DiscImages", "DiscModel", "LinuxCalls", "MMC", "Transfer",
                .systemPackage,
            ],
            path: "Tests/TestSupport"
        ),
        .testTarget(name: "LinuxCallsTests", dependencies: ["LinuxCalls", .systemPackage]),
        .testTarget(name: "LibCryptoTests", dependencies: ["LibCrypto"]),
        .testTarget(name: "LibCodecsTests", dependencies: ["LibCodecs"]),
        .testTarget(name: "LibSoundTests", dependencies: ["LibSound"]),
        .testTarget(
            name: "SpindleCommandsTests",
            dependencies: [
                "SpindleCommands", .systemPackage,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(
            name: "DiscModelTests",
            dependencies: ["DiscModel", .systemPackage],
            exclude: ["Fixtures/damaged-sectors.py"]
        ),
        .testTarget(
            name: "MMCTests",
            dependencies: ["DiscModel", "MMC"],
            exclude: ["Fixtures/README.md"]
        ),
        .testTarget(name: "LibBurnTests", dependencies: ["LibBurn", "LinuxCalls", .systemPackage]),
        // A program for libcdio's tests, into which they load the interposer.
        .executableTarget(
            name: "LibCdioPeer",
            dependencies: ["LibCdio", "LinuxCalls"],
            path: "Tests/LibCdioPeer"
        ),
        .testTarget(
            name: "LibCdioTests",
            dependencies: ["LibCdio", "LinuxCalls", .systemPackage]
        ),
        .testTarget(
            name: "LibISOFSTests",
            dependencies: ["LibISOFS", "LinuxCalls", .systemPackage]
        ),
        .testTarget(name: "LibISO9660Tests", dependencies: ["LibISO9660", .systemPackage]),
        .testTarget(
            name: "SecondOpinionTests",
            dependencies: ["LibCdio", "LinuxCalls", "SecondOpinion", .systemPackage]
        ),
        .testTarget(
            name: "DiscOpeningTests",
            dependencies: [
                "DiscImages", "DiscModel", "DiscOpening", "LinuxCalls", "Reports", "Transfer",
                .systemPackage,
            ]
        ),
        .testTarget(
            name: "DiscOpinionsTests",
            dependencies: [
                "DiscFiles", "DiscImages", "DiscModel", "DiscOpinions", "LinuxCalls",
                "SecondOpinion",
            ]
        ),
        .testTarget(
            name: "DiscExtractionTests",
            dependencies: [
                "DiscExtraction", "DiscFiles", "LinuxCalls", "Reports", "Transfer", .systemPackage,
            ]
        ),
        .testTarget(name: "ReportsTests", dependencies: ["Reports"]),
        .testTarget(
            name: "ReportPagesTests",
            dependencies: ["DiscModel", "ReportPages", "Reports"]
        ),
        .testTarget(name: "TerminalProgressTests", dependencies: ["Reports", "TerminalProgress"]),
        .testTarget(
            name: "TransferTests",
            dependencies: ["LibCrypto", "LinuxCalls", "Reports", "Transfer", .systemPackage]
        ),
        .testTarget(
            name: "DiscAudioTests",
            dependencies: [
                "DiscAudio", "DiscModel", "LinuxCalls", "Reports", "Transfer", .systemPackage,
            ]
        ),
        .testTarget(
            name: "DiscRippingTests",
            dependencies: [
                "DiscConversion", "DiscDrives", "DiscImages", "DiscModel", "DiscRipping",
                "DiscVerification", "LinuxCalls", "MMC", "Reports", "Transfer", "VirtualDrive",
                .systemPackage,
            ]
        ),
        .testTarget(name: "DiscDrivesTests", dependencies: ["DiscDrives", "DiscModel", "MMC"]),
        .testTarget(
            name: "DiscBurningTests",
            dependencies: [
                "DiscBurning", "DiscDrives", "DiscImages", "DiscModel", "LibBurn", "LinuxCalls",
                "MMC", "Reports", "Transfer", .systemPackage,
            ]
        ),
        .testTarget(
            name: "DiscFilesTests",
            dependencies: ["DiscFiles", "LibCrypto", "LinuxCalls", "Transfer", .systemPackage]
        ),
        .testTarget(
            name: "DiscAuthoringTests",
            dependencies: [
                "DiscAuthoring", "DiscFiles", "LinuxCalls", "Reports", "Transfer", .systemPackage,
            ],
            exclude: ["Peers/udfread-peer.c"]
        ),
        .testTarget(
            name: "DiscMountingTests",
            dependencies: [
                "DiscFiles", "DiscMounting", "LibFUSE", "LinuxCalls", "Reports", "Transfer",
                .systemPackage,
            ]
        ),
        .testTarget(
            name: "DiscImagesTests",
            dependencies: [
                "DiscFiles", "DiscImages", "DiscModel", "LinuxCalls", "Reports", "Transfer",
                .systemPackage,
            ],
            exclude: ["CHD/make-chd.py", "Packed/make-guarded.py", "Packed/make-packed.py"]
        ),
        .testTarget(
            name: "VirtualDriveTests",
            dependencies: [
                "DiscImages", "DiscModel", "LinuxCalls", "MMC", "VirtualDrive", .systemPackage,
            ]
        ),
        // A program in C for the node's tests, which run it; they link nothing of it.
        .executableTarget(name: "DriveNodePeer", path: "Tests/DriveNodePeer"),
        .testTarget(
            name: "DriveNodeTests",
            dependencies: ["DriveNode", "LinuxCalls", "MMC", .systemPackage]
        ),
        .testTarget(
            name: "DriveTargetTests",
            dependencies: [
                "DiscImages", "DiscModel", "DriveTarget", "LibCrypto", "LinuxCalls",
                "VirtualDrive",
                .systemPackage,
            ]
        ),
        .testTarget(
            name: "DriveTraceTests",
            dependencies: ["DriveTrace", "LinuxCalls", "MMC", .systemPackage]
        ),
        .testTarget(
            name: "DiscChecksumsTests",
            dependencies: [
                "DiscChecksums", "LibCrypto", "LinuxCalls", "Reports", "Transfer", .systemPackage,
            ]
        ),
        .testTarget(
            name: "DiscVerificationTests",
            dependencies: [
                "DiscChecksums", "DiscDrives", "DiscModel", "DiscVerification", "LibCrypto",
                "LinuxCalls", "MMC", "Reports", "Transfer", .systemPackage,
            ]
        ),
        .testTarget(
            name: "DiscConversionTests",
            dependencies: [
                "DiscConversion", "DiscImages", "DiscModel", "DiscVerification", "LinuxCalls",
                "Reports", "Transfer", .systemPackage,
            ]
        ),
        .testTarget(
            name: "SpindleKitTests",
            dependencies: ["SpindleKit"]
        ),
        .testTarget(
            name: "SpindleImagesTests",
            dependencies: ["SpindleImages"]
        ),
        // They run what is built beside them, and link nothing of it.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [.systemPackage],
            exclude: [
                "Fixture/answer-server.py", "Fixture/late-errors.py", "Fixture/tree-edits.py",
            ]
        ),
    ]
)

extension Target {
    /// Whether its sources are in C.
    var hasC: Bool { name.hasPrefix("C") || name == "DriveNodePeer" }
}

extension Target.Dependency {
    static let systemPackage = Target.Dependency.product(
        name: "SystemPackage",
        package: "swift-system"
    )
}

for target in package.targets where target.type != .system && target.hasC {
    target.cSettings = [
        .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
    ]
}

for target in package.targets where target.type == .test {
    target.dependencies.append("TestSupport")
}

for target in package.targets where target.type != .system && !target.hasC {
    target.swiftSettings = [
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        // SE-0335, SE-0444, SE-0409, SE-0461
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}

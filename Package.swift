// swift-tools-version: 6.2
import PackageDescription

// MARK: - Names used below

/// The libraries of other people, each pinned where the manifest ends.
enum External {
    static let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
    static let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
    static let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
    static let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
    static let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
    static let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
    static let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
    static let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
    static let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
    static let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
    static let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioFoundation = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
    static let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
    static let serviceLifecycle = Target.Dependency.product(
        name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
    static let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
}

extension Target {
    /// A module that services share; it knows no service.
    static func shared(_ name: String, _ dependencies: [Dependency]) -> Target {
        .target(name: name, dependencies: dependencies, path: "Shared/\(name)")
    }

    /// One of the seven executables: every service stands on the same modules and adds its own few.
    static func service(_ name: String, _ dependencies: [Dependency] = [], embedding resources: [String] = [])
        -> Target
    {
        .executableTarget(
            name: name.lowercased(),
            dependencies: [
                "Contracts", "HTTPKit", "ServiceKit", External.logging, External.nio, External.serviceLifecycle,
            ] + dependencies,
            path: "Services/\(name)",
            exclude: ["README.md"],
            resources: resources.map { .embedInCode($0) }
        )
    }

    /// A service that answers through Hummingbird and keeps its own database.
    static func databaseService(_ name: String, _ dependencies: [Dependency] = []) -> Target {
        service(name, ["DatabaseKit", External.hummingbird, External.httpTypes] + dependencies)
    }

    /// The tests of `subject`, in a folder that mirrors its sources.
    static func tests(_ name: String, of subjects: [Dependency], _ dependencies: [Dependency] = []) -> Target {
        .testTarget(
            name: "\(name)Tests", dependencies: subjects + ["TestSupport"] + dependencies, path: "Tests/\(name)Tests")
    }

    /// The tests of a service that has a database: its stores on a real one, its routes through its router.
    static func serviceTests(_ name: String, _ dependencies: [Dependency] = []) -> Target {
        tests(
            name, of: [.target(name: name.lowercased())],
            [
                "Contracts", "DatabaseKit", "HTTPKit", "ServiceKit", External.httpTypes, External.hummingbird,
                External.hummingbirdTesting, External.logging, External.nio, External.serviceLifecycle,
            ] + dependencies)
    }

    /// Tests of all services together, as real processes.
    static func systemTests(_ name: String) -> Target {
        tests(
            name, of: ["gateway", "auth", "events", "inventory", "booking", "payment", "search", "flashsale", "seed"],
            ["Checker", "Contracts", "HTTPKit", "LoadKit"])
    }
}

// MARK: - The package

let package = Package(
    name: "holdfast",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LockKit", targets: ["LockKit"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CHiredis", path: "Shared/CHiredis"),
        .systemLibrary(name: "CQREncode", path: "Shared/CQREncode"),
        .systemLibrary(name: "CLibPQ", path: "Shared/CLibPQ", pkgConfig: "libpq"),
        .systemLibrary(name: "CZlib", path: "Shared/CZlib"),
        .shared(
            "RedisKit",
            [
                "CHiredis", External.collections, External.logging, External.nio, External.nioPosix,
                External.serviceLifecycle,
            ]),
        .shared("LockKit", ["RedisKit", External.logging, External.serviceLifecycle]),
        .shared(
            "DatabaseKit",
            [
                "CLibPQ", External.collections, External.grdb, External.grdbSQLite, External.logging,
                External.metrics,
            ]),
        .shared(
            "HTTPKit",
            [External.collections, External.logging, External.nio, External.nioPosix, External.serviceLifecycle]),
        .shared("Contracts", ["HTTPKit", External.nio, External.nioFoundation]),
        .shared(
            "ServiceKit",
            [
                "CZlib", "Contracts", "DatabaseKit", "HTTPKit", External.configuration, External.crypto,
                External.httpTypes, External.hummingbird, External.hummingbirdCore, External.logging,
                External.metrics, External.nio, External.nioHTTP1, External.nioHTTPTypes, External.nioPosix,
                External.serviceLifecycle, External.systemPackage, External.unixSignals,
            ]),
        .shared("Checker", ["Contracts", "HTTPKit", External.nio]),
        .shared(
            "ChangeFeed",
            ["Contracts", "RedisKit", "ServiceKit", External.logging, External.nio, External.serviceLifecycle]),
        .shared(
            "TestSupport",
            [
                "Checker", "Contracts", "DatabaseKit", "HTTPKit", "ServiceKit", External.logging, External.nio,
                External.nioPosix,
            ]),

        .service(
            "Gateway", [External.crypto, External.nioPosix],
            embedding: ["Documents/OpenAPI", "Documents/Page/docs.css", "Documents/Page/docs.js"]),
        .databaseService("Auth", [External.crypto, External.cryptoExtras]),
        .databaseService("Events", ["ChangeFeed", "RedisKit"]),
        .databaseService("Inventory", ["LockKit", "RedisKit"]),
        .databaseService("Booking", ["ChangeFeed", "CQREncode", "CZlib", "RedisKit", External.crypto]),
        .databaseService("Payment", [External.asyncHTTPClient, External.crypto, External.nioHTTP1]),
        .databaseService("Search", ["ChangeFeed", "RedisKit", External.nioPosix]),

        .target(
            name: "LoadKit",
            dependencies: ["Checker", "Contracts", "HTTPKit", External.histogram, External.unixSignals],
            path: "loadtests/LoadKit"),
        .executableTarget(
            name: "flashsale",
            dependencies: [
                "Checker", "Contracts", "HTTPKit", "LoadKit", External.argumentParser, External.histogram,
                External.logging, External.nio, External.nioPosix,
            ],
            path: "loadtests/flashsale"),
        .executableTarget(
            name: "seed",
            dependencies: [
                "Checker", "Contracts", "HTTPKit", "LoadKit", External.argumentParser, External.logging, External.nio,
                External.nioPosix,
            ],
            path: "loadtests/seed"),
        .executableTarget(
            name: "bench",
            dependencies: [
                "Checker", "Contracts", "DatabaseKit", "HTTPKit", "LoadKit", "LockKit", "RedisKit", "ServiceKit",
                "TestSupport", External.argumentParser, External.histogram, External.hummingbird, External.logging,
                External.nio, External.nioPosix,
            ],
            path: "loadtests/bench"),

        .tests("RedisKit", of: ["RedisKit"], [External.logging, External.nio, External.nioPosix]),
        .executableTarget(
            name: "lockworker",
            dependencies: ["LockKit", "RedisKit", "TestSupport", External.logging, External.nioPosix],
            path: "Tests/LockWorker"),
        .tests("LockKit", of: ["LockKit", "lockworker"], ["RedisKit", External.logging, External.nioPosix]),
        .tests("DatabaseKit", of: ["DatabaseKit"]),
        .tests("HTTPKit", of: ["HTTPKit"], [External.nio, External.nioEmbedded, External.nioPosix]),
        .tests(
            "ServiceKit", of: ["HTTPKit", "ServiceKit"],
            [External.httpTypes, External.nio, External.hummingbird, External.hummingbirdTesting, External.jwtKit]),
        .tests("Contracts", of: ["Contracts"]),
        .tests(
            "ChangeFeed", of: ["ChangeFeed"],
            ["Contracts", "RedisKit", "ServiceKit", External.logging, External.nioPosix, External.serviceLifecycle]),
        .tests("Gateway", of: ["gateway"], [External.crypto, External.nio, External.nioPosix]),
        .serviceTests("Auth", [External.nioPosix]),
        .serviceTests("Events"),
        .serviceTests("Inventory", ["LockKit", "RedisKit"]),
        .serviceTests("Booking"),
        .serviceTests("Payment", [External.crypto]),
        .serviceTests("Search", ["LoadKit"]),
        .tests("Checker", of: ["Checker"], ["Contracts"]),
        .tests("LoadKit", of: ["LoadKit"], ["Contracts"]),
        .tests("Bench", of: ["bench"]),
        // A benchmark of what only tests can look into.
        .testTarget(
            name: "EngineBenchmark",
            dependencies: [
                "bench", "inventory", "Contracts", "DatabaseKit", "LoadKit", "LockKit", "RedisKit", "ServiceKit",
                "TestSupport", External.logging, External.nio, External.nioPosix,
            ],
            path: "loadtests/engine"),
        .systemTests("EndToEnd"),
        .systemTests("Fault"),
    ],
    swiftLanguageModes: [.v6]
)

// MARK: - Settings that every target shares

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
}

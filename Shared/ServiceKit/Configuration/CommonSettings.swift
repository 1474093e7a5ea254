package import Contracts
package import HTTPKit
package import Logging

/// The settings that every service has.
package struct CommonSettings: Sendable {
    /// Where to listen.
    package var address: ListenAddress
    /// Where the database is, when not in a file under `dataDirectory`; may contain a password.
    package var databaseURL: String?
    /// How long a starting service waits for a database server that is not there yet.
    package var databaseWait: Duration
    /// Folder of the database files.
    package var dataDirectory: String
    package var logLevel: Logger.Level
    package var logFormat: LogFormat
    package var logFile: String?
    /// Number of threads that do network input and output.
    package var eventLoops: Int
    /// How long requests in progress may take to finish after the signal to stop.
    package var shutdownGrace: Duration
    /// How long the service answers on after it has said that it is not ready.
    package var drainGrace: Duration
    /// Longest time a request may take.
    package var requestTimeout: Duration
    /// Largest request body.
    package var bodyBytesMax: Int
    /// Keys of the tokens that people carry.
    package var tokenKeys: KeyRing
    /// Keys of the tokens that services carry.
    package var internalKeys: KeyRing
    /// Where the replicas of the services are; a name may stand for several.
    package var endpoints: [ServiceName: [Endpoint]]
    /// Pause between two questions to a replica whether it is ready.
    package var probeInterval: Duration
    /// Pause between two questions for the addresses of a name.
    package var resolveInterval: Duration

    /// Reads all of them.
    package init(_ settings: Settings, service: ServiceName) throws {
        address = try ListenAddress(settings, service: service)
        databaseURL = try settings.optionalSecret(
            "DATABASE_URL",
            help: "database to use (sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME); else a file in DATA_DIR")
        databaseWait = try settings.seconds(
            "DATABASE_WAIT_SECONDS", default: 30, in: 0...3600, help: "time for a database server to come up at start")
        dataDirectory = try settings.string("DATA_DIR", default: "./data", help: "folder of database files")
        let level: LogLevel = try settings.choice("LOG_LEVEL", default: .info, help: "least severe lines to log")
        logLevel = level.level
        logFormat = try settings.choice("LOG_FORMAT", default: .text, help: "form of the log lines")
        logFile = settings.optionalString("LOG_FILE", help: "file that log lines are appended to as well")
        eventLoops = try settings.int("EVENT_LOOPS", default: 1, in: 1...64, help: "network threads")
        shutdownGrace = try settings.seconds(
            "SHUTDOWN_SECONDS", default: 10, in: 0.1...600, help: "time for requests in progress at the end")
        drainGrace = try settings.seconds(
            "DRAIN_SECONDS", default: 0, in: 0...600, help: "time between 'not ready' and the end")
        requestTimeout = try settings.seconds(
            "REQUEST_SECONDS", default: 10, in: 0.05...3600, help: "longest time for one request")
        bodyBytesMax = try settings.int(
            "BODY_BYTES_MAX", default: 1_048_576, in: 1024...1_073_741_824, help: "largest request body")
        tokenKeys = try KeyRing(settings, "TOKEN_KEYS", help: "keys of user tokens: id:64 hex digits[,id:…]")
        internalKeys = try KeyRing(settings, "INTERNAL_KEYS", help: "keys of calls between services, same form")
        endpoints = [:]
        for name in ServiceName.allCases where name != .gateway {
            endpoints[name] = try settings.endpoints(
                "\(name.rawValue.uppercased())_URL", default: "http://127.0.0.1:\(name.defaultPort)",
                help: "where \(name.rawValue) is, one or more with commas between")
        }
        probeInterval = try settings.seconds(
            "PROBE_SECONDS", default: 1, in: 0.01...60, help: "pause between two questions whether a replica is ready")
        resolveInterval = try settings.seconds(
            "RESOLVE_SECONDS", default: 5, in: 0.05...3600, help: "pause between two look-ups of a service's name")
    }

    private enum LogLevel: String, CaseIterable {
        case trace, debug, info, notice, warning, error, critical

        var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
    }
}

/// How log lines are written.
package enum LogFormat: String, CaseIterable, Sendable {
    /// For people: time, level, message, `key=value` pairs.
    case text
    /// For machines: one JSON object a line.
    case json
}

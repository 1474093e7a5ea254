import ArgumentParser
import Checker
import Contracts
import Foundation
import HTTPKit
import LoadKit
import Logging
import NIOCore
import NIOPosix

/// Fills a Holdfast with events that look real, through its gateway as organizers do it.
@main
struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Makes a catalogue of events that look real, always the same for the same seed.",
        discussion: """
            Makes organizers' accounts and has them create events: halls with seat plans and areas, ticket types, \
            prices in the money of the country, names with accents. What is there already is left alone, so running it \
            again with the same seed adds nothing, and with more events only the further ones. Refusals that time \
            heals are asked again, with the same idempotency key.

            The organizers' password comes from --password or HOLDFAST_SEED_PASSWORD, or else from the data folder of \
            deploy/run, where the first run leaves one of its own.

            Exit code 0: the catalogue is there. 1: some of it is not; running it again goes on. 2: it could not \
            begin. 130: ended by Ctrl-C, which finishes what is under way; a second one ends at once.
            """)

    @Option(help: "Events of the whole catalogue.")
    var events = 2000

    @Option(help: "Which catalogue: a number from 0.")
    var seed: UInt64 = 1

    @Option(help: "Events being made at the same time.")
    var concurrency = 8

    @Option(help: "Address of the gateway; also HOLDFAST_URL. (default: http://127.0.0.1:5000)")
    var url: String?

    @Option(help: "Data folder of deploy/run; also HOLDFAST_DATA. (default: .holdfast)")
    var data: String?

    @Option(help: "Password of the organizers' accounts; better given as HOLDFAST_SEED_PASSWORD.")
    var password: String?

    private static let patience = Duration.seconds(60)
    /// A hall of an arena's size takes its time on a busy machine.
    private static let requestTimeout = Duration.seconds(30)

    func validate() throws {
        guard (1...1_000_000).contains(events) else { throw ValidationError("--events is a number from 1 to 1000000") }
        guard (1...256).contains(concurrency) else { throw ValidationError("--concurrency is a number from 1 to 256") }
    }

    func run() async throws {
        let report: SeedReport
        do {
            report = try await fill()
        } catch {
            FileHandle.standardError.write(Data("seed: \(error)\n".utf8))
            throw ExitCode(2)
        }
        print(report)
        if report.wasStopped { throw ExitCode(StopSignals.exitCode) }
        if !report.isComplete { throw ExitCode(1) }
    }

    private func fill() async throws -> SeedReport {
        let environment = ProcessInfo.processInfo.environment
        let gateway = try Endpoint(url: url ?? environment["HOLDFAST_URL"] ?? "http://127.0.0.1:5000")
        let password = try SeedPassword.find(
            password ?? environment["HOLDFAST_SEED_PASSWORD"],
            dataFolder: data ?? environment["HOLDFAST_DATA"] ?? ".holdfast")
        var limits = HTTPClient.Limits()
        limits.connectionsPerEndpointMax = concurrency
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let http = HTTPClient(eventLoopGroup: group, limits: limits, logger: Logger(label: "seed"))
        let seeding = Seeding(
            SeedPlan(events: events, seed: seed, concurrency: concurrency, patience: Self.patience),
            client: APIClient(http: http, gateway: .endpoint(gateway), timeout: Self.requestTimeout),
            password: password, progress: ProgressLine.standard())
        let signals = StopSignals.onFirst { seeding.stop() }
        defer { signals.cancel() }
        let report = try await seeding.run()
        await http.shutdown()
        try await group.shutdownGracefully()
        return report
    }
}

import ArgumentParser
import Checker
import Contracts
import Foundation
import HTTPKit
import LoadKit
import Logging
import NIOCore
import NIOPosix

/// The load generator: many buyers, few seats, and an audit of what came of it.
@main
struct FlashSale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flashsale",
        abstract: "Rushes an event with many buyers at once, then audits that every promise was kept.",
        discussion: """
            Makes an event with reserved seats and a guest for each buyer, lets them pick, reserve and pay in a closed \
            loop of --concurrency tasks, and compares what inventory, booking and payment say with each other and with \
            what the buyers were told. Exit code 0: the audit is clean. 1: it is not. 2: the run could not be made.

            The admin's sign-in comes from --admin-email and --admin-password, from HOLDFAST_ADMIN_EMAIL and \
            HOLDFAST_ADMIN_PASSWORD, or from the data folder of deploy/run, in this order.
            """)

    @Option(help: "Buyers.")
    var users = 1000

    @Option(help: "Seats of the event.")
    var seats = 1000

    @Option(help: "Seats each buyer wants, 1 to 10.")
    var seatsPerOrder = 2

    @Option(help: "Buyers at work at the same time.")
    var concurrency = 64

    @Option(help: "Address of the gateway; also HOLDFAST_URL. (default: http://127.0.0.1:5000)")
    var url: String?

    @Option(help: "File for the report as JSON.")
    var json: String?

    @Flag(help: "Buyers register accounts instead of being guests; every account costs a password hash.")
    var accounts = false

    @Option(help: "How the buyers pay: a token of the payment provider; several are taken in turns.")
    var payment = ["tok_visa"]

    @Option(help: "Data folder of deploy/run; also HOLDFAST_DATA. (default: .holdfast)")
    var data: String?

    @Option(help: "Email of an admin.")
    var adminEmail: String?

    @Option(help: "Password of that admin; better given as HOLDFAST_ADMIN_PASSWORD.")
    var adminPassword: String?

    func validate() throws {
        try check(users, in: 1...1_000_000, "--users")
        try check(seats, in: 1...200_000, "--seats")
        try check(seatsPerOrder, in: 1...10, "--seats-per-order")
        try check(concurrency, in: 1...4096, "--concurrency")
    }

    private func check(_ value: Int, in range: ClosedRange<Int>, _ option: String) throws {
        guard range.contains(value) else {
            throw ValidationError("\(option) is a number from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    func run() async throws {
        let report: RushReport
        do {
            report = try await rush()
        } catch {
            FileHandle.standardError.write(Data("flashsale: \(error)\n".utf8))
            throw ExitCode(2)
        }
        print(report)
        if let json {
            do {
                try report.json().write(to: URL(fileURLWithPath: json))
            } catch {
                FileHandle.standardError.write(Data("flashsale: \(json) cannot be written: \(error)\n".utf8))
                throw ExitCode(2)
            }
        }
        if !report.audit.isClean { throw ExitCode(1) }
    }

    private func rush() async throws -> RushReport {
        let environment = ProcessInfo.processInfo.environment
        let gateway = try Endpoint(url: url ?? environment["HOLDFAST_URL"] ?? "http://127.0.0.1:5000")
        let credentials = try AdminCredentials.find(
            email: adminEmail, password: adminPassword, dataFolder: data, environment: environment)
        var limits = HTTPClient.Limits()
        limits.connectionsPerEndpointMax = concurrency
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let http = HTTPClient(eventLoopGroup: group, limits: limits, logger: Logger(label: "flashsale"))
        let plan = RushPlan(
            users: users, seats: seats, seatsPerOrder: seatsPerOrder, concurrency: concurrency,
            payments: payment.map { .token($0) }, buyersHaveAccounts: accounts)
        let rush = Rush(
            plan, client: APIClient(http: http, gateway: .endpoint(gateway)), admin: credentials,
            progress: ProgressLine.standard())
        let signals = StopSignals.onFirst { rush.stop() }
        defer { signals.cancel() }
        let report = try await rush.run()
        await http.shutdown()
        try await group.shutdownGracefully()
        return report
    }
}

import Checker
import Contracts
import TestSupport
import Testing

/// Rushes on one PostgreSQL with several processes of a service, of which some die, and on a PostgreSQL that dies itself.
@Suite(.serialized) struct ReplicaRushTests {
    /// What the rush of all tests here runs on.
    private static var scaled: StackOptions {
        var options = FaultyRush.settings
        options.database = .postgres
        options.replicas = [.gateway: 2, .inventory: 3, .booking: 2]
        return options
    }

    @Test("three inventory, two booking and two gateway processes, one of each killed: all sold, none twice")
    func replicasKilled() async throws {
        try await HoldfastStack.with(Self.scaled) { stack in
            let rush = FaultyRush(on: stack, client: stack.clientOfAllGateways(timeout: .seconds(5)))
            let report = try await rush.run { rush in
                for (bookings, name) in [(40, ServiceName.inventory), (80, .booking), (120, .gateway)] {
                    try await rush.waitForBookings(bookings)
                    try rush.stack.kill9(name, replica: rush.stack.replicaCount(of: name) - 1)
                }
            }
            report.expectEverythingSold()
            // The dead are not started again: what is left has done it all.
            for name in [ServiceName.inventory, .booking, .gateway] {
                #expect(try !stack.process(name, replica: stack.replicaCount(of: name) - 1).isRunning)
            }
        }
    }

    @Test("a replica that hangs in the middle holds nobody up for long, and takes part again when it goes on")
    func replicaHangs() async throws {
        try await HoldfastStack.with(Self.scaled) { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                try await rush.waitForBookings(40)
                try rush.stack.process(.inventory, replica: 1).pause()
                try await rush.waitForBookings(120)
                try rush.stack.process(.inventory, replica: 1).resume()
            }
            report.expectEverythingSold()
        }
    }

    @Test("replicas that are started again one after the other interrupt nothing")
    func rollingRestart() async throws {
        try await HoldfastStack.with(Self.scaled) { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                for (index, name) in [ServiceName.inventory, .inventory, .inventory, .booking, .booking].enumerated() {
                    try await rush.waitForBookings(20 + 30 * index)
                    let replica = StackReplica(name, index % rush.stack.replicaCount(of: name))
                    try await rush.stack.terminate(name, replica: replica.number)
                    try await rush.stack.start(replica)
                    try await rush.stack.waitUntilHealthy()
                }
            }
            report.expectEverythingSold()
        }
    }

    @Test(
        "PostgreSQL restarted in the middle: clean refusals while it is away, then all is sold",
        arguments: [
            Outage.restart, .kill,
        ])
    func databaseAway(outage: Outage) async throws {
        try await HoldfastStack.with(Self.scaled) { stack in
            let witness = Witness(client: try await stack.admin())
            let report = try await FaultyRush(on: stack).run { rush in
                try await rush.waitForBookings(40)
                let cluster = try #require(rush.stack.postgres)
                try await witness.watch {
                    switch outage {
                    case .restart: cluster.stop()
                    case .kill: cluster.kill()
                    }
                    try await witness.waitForRefusals()
                    try await cluster.restart()
                    try await witness.waitForRecovery()
                }
            }
            report.expectEverythingSold()
            witness.expectOnlyCleanRefusals()
        }
    }

    /// How a database goes away.
    enum Outage: String, Sendable, CustomTestStringConvertible {
        /// As an operator does it: connections are ended, then the server.
        case restart
        /// `kill -9` of the server and all its processes.
        case kill

        var testDescription: String { rawValue }
    }
}

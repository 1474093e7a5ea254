import Checker
import Contracts
import TestSupport
import Testing

@testable import flashsale

/// Rushes in whose middle something dies: all seats are sold, none twice, and nobody's money or ticket is lost.
@Suite(.serialized) struct RushTests {
    @Test("a rush that nothing disturbs sells every seat once")
    func undisturbed() async throws {
        try await HoldfastStack.with { stack in
            let report = try await FaultyRush(on: stack).run { _ in }
            expectEverythingSold(report)
        }
    }

    @Test("with the seat locks off the database alone sells every seat once")
    func withoutLocks() async throws {
        try await HoldfastStack.with(.withoutSeatLocks) { stack in
            let report = try await FaultyRush(on: stack).run { _ in }
            expectEverythingSold(report)
        }
    }

    @Test("kill -9 of a service in the middle", arguments: [ServiceName.inventory, .booking, .payment])
    func killed(name: ServiceName) async throws {
        try await HoldfastStack.with(FaultyRush.settings) { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                try await rush.waitForBookings(40)
                try await rush.crash(name)
                try await rush.waitForBookings(120)
                try await rush.crash(name)
            }
            expectEverythingSold(report)
        }
    }

    @Test("kill -9 of inventory and booking together, with the seat locks off")
    func killedTogetherWithoutLocks() async throws {
        var options = FaultyRush.settings
        options.services[.inventory] = ["SEAT_LOCKS": "off"]
        try await HoldfastStack.with(options) { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                try await rush.waitForBookings(40)
                try rush.stack.kill9(.inventory)
                try await rush.crash(.booking)
                try await rush.stack.start(.inventory)
            }
            expectEverythingSold(report)
        }
    }

    @Test("Redis killed and started again in the middle")
    func redisKilled() async throws {
        try await HoldfastStack.with { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                try await rush.waitForBookings(40)
                rush.stack.redis.kill()
                try await rush.stack.redis.restart()
            }
            expectEverythingSold(report)
        }
    }

    @Test("Redis flushed again and again: locks and fences are forgotten, seats are not sold twice")
    func redisFlushed() async throws {
        try await HoldfastStack.with { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                for bookings in [20, 60, 100, 140] {
                    try await rush.waitForBookings(bookings)
                    try rush.stack.redis.command(["FLUSHALL"])
                }
            }
            expectEverythingSold(report)
        }
    }

    @Test("a gateway that is killed loses connections, not sales")
    func gatewayKilled() async throws {
        try await HoldfastStack.with(FaultyRush.settings) { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                try await rush.waitForBookings(40)
                try rush.stack.kill9(.gateway)
                try await rush.stack.start(.gateway)
            }
            expectEverythingSold(report)
        }
    }

    private func expectEverythingSold(_ report: RushReport, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(report.audit.isClean, "\(report)", sourceLocation: sourceLocation)
        #expect(report.seatsBought == report.seats, "\(report)", sourceLocation: sourceLocation)
        #expect(report.surprises.isEmpty, "\(report)", sourceLocation: sourceLocation)
    }
}

import Checker
import Contracts
import TestSupport
import Testing

@testable import flashsale

/// Rushes in whose middle something dies: all seats are sold, none twice, and nobody's money or ticket is lost.
@Suite(.serialized) struct RushTests {
    @Test("a rush that nothing disturbs sells every seat once")
    func undisturbed() async throws {
        try await HoldfastStack.with(FaultyRush.settings) { stack in
            let report = try await FaultyRush(on: stack).run { _ in }
            report.expectEverythingSold()
        }
    }

    @Test("with the seat locks off the database alone sells every seat once")
    func withoutLocks() async throws {
        try await HoldfastStack.with(.withoutSeatLocks) { stack in
            let report = try await FaultyRush(on: stack).run { _ in }
            report.expectEverythingSold()
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
            report.expectEverythingSold()
        }
    }

    @Test("5,000 buyers and 1,000 seats, kill -9 of inventory and of booking in the middle, and both come back")
    func killedInACrowd() async throws {
        try await HoldfastStack.with(FaultyRush.settings) { stack in
            let report = try await FaultyRush(on: stack, users: 5000, seats: 1000).run { rush in
                try await rush.waitForBookings(150)
                try await rush.crash(.inventory)
                try await rush.waitForBookings(300)
                try await rush.crash(.booking)
            }
            report.expectEverythingSold()
            #expect(report.users == 5000)
        }
    }

    @Test("kill -9 of inventory and booking together, with the seat locks off")
    func killedTogetherWithoutLocks() async throws {
        var options = FaultyRush.settings
        options.services[.inventory, default: [:]]["SEAT_LOCKS"] = "off"
        try await HoldfastStack.with(options) { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                try await rush.waitForBookings(40)
                try rush.stack.kill9(.inventory)
                try await rush.crash(.booking)
                try await rush.stack.start(.inventory)
            }
            report.expectEverythingSold()
        }
    }

    @Test("Redis killed and started again in the middle")
    func redisKilled() async throws {
        try await HoldfastStack.with(FaultyRush.settings) { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                try await rush.waitForBookings(40)
                rush.stack.redis.kill()
                try await rush.stack.redis.restart()
            }
            report.expectEverythingSold()
        }
    }

    @Test("Redis flushed again and again: locks and fences are forgotten, seats are not sold twice")
    func redisFlushed() async throws {
        try await HoldfastStack.with(FaultyRush.settings) { stack in
            let report = try await FaultyRush(on: stack).run { rush in
                for bookings in [20, 60, 100, 140] {
                    try await rush.waitForBookings(bookings)
                    try rush.stack.redis.command(["FLUSHALL"])
                }
            }
            report.expectEverythingSold()
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
            report.expectEverythingSold()
        }
    }
}

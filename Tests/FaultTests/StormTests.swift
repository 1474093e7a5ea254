import Checker
import Contracts
import TestSupport
import Testing

@testable import flashsale

/// Everything goes wrong at the same time, for as long as ten thousand purchases take.
@Suite(.serialized) struct StormTests {
    private static let purchases = 10_000
    /// Spare buyers, for those whose payment comes to nothing.
    private static let buyers = 12_000
    /// Any reply of any service but the gateway is lost with a chance of one per cent.
    private static let lostReplies = "service.answered=lose-reply%1"
    /// One payment in a hundred times out: of two hundred one is taken late and one never is.
    private static let payments =
        Array(repeating: PaymentMethod.token("tok_visa"), count: 198) + [.token("tok_late"), .token("tok_timeout")]
    private static let killedEvery = Duration.seconds(5)

    @Test("10,000 purchases, 1 % lost replies, 1 % payments that time out, a kill -9 every five seconds")
    func storm() async throws {
        var options = FaultyRush.settings
        options.common["FAULT_POINTS"] = Self.lostReplies
        options.services[.booking, default: [:]]["PAYMENT_DEADLINE_SECONDS"] = "10"
        let seed = UInt64.random(in: .min ... .max)
        try await HoldfastStack.with(options) { stack in
            let rush = FaultyRush(
                on: stack, users: Self.buyers, seats: Self.purchases, seatsPerOrder: 1, payments: Self.payments)
            let report = try await rush.run { try await Self.killAtRandom(in: $0, seed: seed) }
            print("\(report)\nkilled in the order of seed \(seed)")
            report.expectEverythingSold()
            #expect(report.bookings >= Self.purchases)
            #expect(report.retries > 0, "no reply was lost")
        }
    }

    /// Kills booking, payment or inventory every five seconds until the last buyer has gone.
    private static func killAtRandom(in rush: FaultyRush, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        try await rush.waitForBookings(1)
        while !rush.rush.isOver {
            let name = [ServiceName.booking, .payment, .inventory].randomElement(using: &generator) ?? .booking
            try rush.stack.kill9(name)
            try await rush.stack.start(name, faults: lostReplies)
            try await Task.sleep(for: killedEvery)
        }
    }
}

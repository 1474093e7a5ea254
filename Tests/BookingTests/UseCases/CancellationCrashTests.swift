import Contracts
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import booking

/// A worker falls over at each point of a cancellation, and so does the one that comes after it.
@Suite(.onBothDatabases) struct CancellationCrashTests {
    enum Story: String, Sendable, CaseIterable {
        case whole, part, free, late

        /// What the booking is in the end.
        var end: (status: BookingStatus, payment: PaymentStatus) {
            switch self {
            case .whole, .late: (.cancelled, .refunded)
            case .part: (.confirmed, .partiallyRefunded)
            case .free: (.cancelled, .success)
            }
        }
    }

    private func buy(_ story: Story, _ name: String, _ fixture: BookingFixture) async throws -> BookingStore.Found {
        try await fixture.buy(seats: ["\(name)-1", "\(name)-2"], isFree: story == .free)
    }

    private func cancel(_ story: Story, _ bought: BookingStore.Found, _ parts: FixtureParts) async throws
        -> ConfirmBooking.Answer
    {
        // The refund's answer is lost, so that all of it falls to recovery.
        if story == .late { parts.fixture.payment.faults.next(.refund, .replyLost) }
        let tickets = story == .part ? [bought.tickets[0].id] : nil
        return try await parts.cancel(bought.booking.id, tickets, key: "k-\(bought.booking.id)")
    }

    private func expectEnd(_ story: Story, _ bought: BookingStore.Found, _ fixture: BookingFixture, _ name: String)
        async throws -> String
    {
        let now = try await fixture.again(bought)
        #expect(now.booking.status == story.end.status, "\(name)")
        #expect(now.booking.paymentStatus == story.end.payment, "\(name)")
        let actions = try await fixture.auditActions(of: now.booking.id)
        let refunds = story == .free ? [] : ["refunded"]
        #expect(actions == ["cancelled", "confirmed"] + refunds + ["released"], "\(name)")
        return "\(now.booking.status.rawValue), \(now.booking.paymentStatus.rawValue)"
    }

    @Test func `a cancellation that dies at a point is finished by recovery, and a repeat gets the final answer`()
        async throws
    {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        var matrix = CrashMatrix(columns: Story.allCases.map(\.rawValue))
        for point in CancellationPoint.allCases {
            for story in Story.allCases {
                let name = "\(point.rawValue) \(story)"
                let bought = try await buy(story, name, fixture)
                fixture.stop(at: point)
                _ = try? await cancel(story, bought, parts)
                let died = !fixture.isToStop
                fixture.stop()
                fixture.payment.faults.clear()
                try await fixture.recoverAll()
                matrix[point.rawValue, story.rawValue] =
                    died ? try await expectEnd(story, bought, fixture, name) : "-"
                let again = try await cancel(story, bought, parts)
                fixture.payment.faults.clear()
                #expect(again.isReplayed && again.reply.status == 200, "\(name)")
            }
        }
        try await fixture.expectPromisesKept()
        print("Death of a cancellation at a point, and what it ended as (-: not passed)\n\(matrix)")
    }

    @Test func `recovery that dies at a point, too, is finished by the next`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        for first in CancellationPoint.allCases {
            for second in CancellationPoint.allCases {
                for story in Story.allCases {
                    let name = "\(first.rawValue) \(second.rawValue) \(story)"
                    let bought = try await buy(story, name, fixture)
                    fixture.stop(at: first, second)
                    _ = try? await cancel(story, bought, parts)
                    fixture.payment.faults.clear()
                    for _ in 0..<2 {
                        fixture.clock.advance(by: fixture.timing.lease + .seconds(1))
                        try await fixture.recoverCancellations(stopsAtPoints: true)
                    }
                    fixture.stop()
                    try await fixture.recoverAll()
                    _ = try await expectEnd(story, bought, fixture, name)
                }
            }
        }
        try await fixture.expectPromisesKept()
    }

    @Test func `a request that stalls past its lease changes nothing when it wakes up`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        for point in CancellationPoint.allCases {
            for story in Story.allCases {
                let name = "\(point.rawValue) \(story)"
                let bought = try await buy(story, name, fixture)
                let gate = fixture.stall(at: point)
                let late = Task {
                    _ = try? await cancel(story, bought, parts)
                    gate.arrived.continuation.yield()
                }
                await gate.waitUntilArrived()
                try await fixture.recoverAll()
                gate.open()
                await late.value
                fixture.stallNowhere()
                fixture.payment.faults.clear()
                try await fixture.recoverAll()
                _ = try await expectEnd(story, bought, fixture, name)
            }
        }
        try await fixture.expectPromisesKept()
    }
}

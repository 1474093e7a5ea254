import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import booking

/// A worker falls over at each point of the saga, and so does the one that comes after it.
@Suite(.onBothDatabases) struct CrashTests {
    enum Story: String, Sendable, CaseIterable {
        case sold, free, declined, unsuitable, stopped, timeout

        var payment: PaymentMethod? {
            switch self {
            case .sold, .stopped: .token("tok_visa")
            case .free: nil
            case .declined: .token("tok_declined")
            case .unsuitable: PaymentMethod(method: "tok_visa", amount: DecimalAmount(minorUnits: 1, decimals: 0))
            case .timeout: .token("tok_timeout")
            }
        }

        /// How a purchase may end that fell over before its charge was sent, or after.
        var statuses: Set<BookingStatus> {
            switch self {
            case .sold: [.confirmed, .failed]
            case .free: [.confirmed]
            case .declined, .timeout: [.failed]
            case .unsuitable: []
            case .stopped: [.refunded, .failed]
            }
        }
    }

    private func hold(_ story: Story, _ name: String, _ fixture: BookingFixture) -> String {
        let id = fixture.hold(seats: [name], isFree: story == .free)
        if story == .stopped { fixture.inventory.change(id) { $0.isSaleStopped = true } }
        return id
    }

    @Test func `a request that dies is finished by recovery, and a repeat gets the final answer`() async throws {
        // All cells in one database: each has a seat of its own, and what it leaves is judged with all the others.
        let fixture = try await BookingFixture()
        var matrix = CrashMatrix(columns: Story.allCases.map(\.rawValue))
        for point in SagaPoint.allCases {
            for story in Story.allCases {
                let name = "\(point.rawValue) \(story)"
                let id = hold(story, name, fixture)
                fixture.stop(at: point)
                _ = try? await fixture.confirm(id, key: "k-\(id)", payment: story.payment)
                if fixture.isToStop, story == .timeout {
                    // What is given up is given up by recovery, which dies then.
                    fixture.clock.advance(by: .seconds(170))
                    try await fixture.recover(stopsAtPoints: true)
                }
                let died = !fixture.isToStop
                fixture.stop()
                try await fixture.recoverAll()
                let found = try await fixture.found(id)
                #expect(found.allSatisfy { story.statuses.contains($0.booking.status) }, "\(name)")

                let before = fixture.payment.faults.count(.charge)
                let outcome = try await repeatedly(story, id, fixture)
                #expect([201, 202, 402, 409, 422].contains(outcome), "\(name)")
                // What was executed is not executed again.
                if found.count == 1, outcome != 202 {
                    #expect(fixture.payment.faults.count(.charge) - before <= 1, "\(name)")
                }
                try await fixture.recoverAll()
                let end = try await fixture.found(id).map(\.booking.status.rawValue).joined(separator: "+")
                matrix[point.rawValue, story.rawValue] = died ? (end.isEmpty ? "nothing left" : end) : "-"
            }
        }
        try await fixture.expectPromisesKept()
        print("Death of a confirmation at a point, and what it ended as (-: not passed)\n\(matrix)")
    }

    /// Sends the confirmation again and says how it was answered.
    private func repeatedly(_ story: Story, _ id: String, _ fixture: BookingFixture) async throws -> Int {
        do {
            return try await fixture.confirm(id, key: "k-\(id)", payment: story.payment).reply.status
        } catch let refusal as Problem {
            return refusal.status.code
        }
    }

    @Test func `recovery that dies at a point, too, is finished by the next`() async throws {
        let fixture = try await BookingFixture()
        for second in SagaPoint.allCases { try await recoveryDies(at: second, fixture) }
        try await fixture.expectPromisesKept()
    }

    private func recoveryDies(at second: SagaPoint, _ fixture: BookingFixture) async throws {
        for story in Story.allCases {
            for first in SagaPoint.allCases {
                let id = hold(story, "\(story)-\(first.rawValue)-\(second.rawValue)", fixture)
                fixture.stop(at: first, second)
                _ = try? await fixture.confirm(id, key: "k-\(id)", payment: story.payment)
                if story == .timeout { fixture.clock.advance(by: .seconds(170)) }
                for _ in 0..<3 {
                    fixture.clock.advance(by: fixture.timing.lease + .seconds(1))
                    try await fixture.recover(stopsAtPoints: true)
                }
                fixture.stop()
                try await fixture.recoverAll()
                #expect(try await fixture.found(id).allSatisfy { story.statuses.contains($0.booking.status) })
            }
        }
    }

    @Test func `a request that stalls past its lease changes nothing when it wakes up`() async throws {
        let fixture = try await BookingFixture()
        for point in SagaPoint.allCases {
            for story in Story.allCases { try await stall(at: point, story, fixture) }
        }
        try await fixture.expectPromisesKept()
    }

    private func stall(at point: SagaPoint, _ story: Story, _ fixture: BookingFixture) async throws {
        let id = hold(story, "\(point.rawValue) \(story)", fixture)
        let gate = fixture.stall(at: point)
        let late = Task {
            _ = try? await fixture.confirm(id, key: "k-\(id)", payment: story.payment)
            // A story that does not come by the point ends here and lets the test go on.
            gate.arrived.continuation.yield()
        }
        await gate.waitUntilArrived()
        try await fixture.recoverAll()
        let found = try await fixture.found(id)
        gate.open()
        await late.value
        // Late or not, the outcome is the one that recovery gave.
        #expect(
            try await fixture.found(id).map(\.booking.status) == found.map(\.booking.status),
            "\(point.rawValue) \(story)")
        fixture.stallNowhere()
        try await fixture.recoverAll()
    }

    @Test func `two recovery workers never take up the same booking`() async throws {
        let fixture = try await BookingFixture()
        for index in 0..<40 {
            let id = fixture.hold(seats: ["A-1-\(index)"])
            fixture.stop(at: .afterCharge)
            _ = try? await fixture.confirm(id, key: "k\(index)")
        }
        fixture.clock.advance(by: .seconds(11))
        async let one = fixture.recover(process: "one", batchMax: 30)
        async let two = fixture.recover(process: "two", batchMax: 30)
        #expect(try await one + two == 40)
        #expect(fixture.inventory.faults.count(.commit) == 40)
        #expect(try await fixture.unfinished() == 0)
        try await fixture.expectPromisesKept()
    }

    @Test func `a booking within its lease is left alone`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        fixture.stop(at: .afterCharge)
        _ = try? await fixture.confirm(id, key: "k")
        fixture.clock.advance(by: .seconds(9))
        #expect(try await fixture.recover() == 0)
        let refusal = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k") }
        #expect(refusal?.code == "request-in-progress")
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.recover() == 1)
    }
}

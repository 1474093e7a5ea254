import Testing

@testable import booking

@Suite struct SagaMachineTests {
    /// One way through a saga: what was asked for and what was heard.
    private struct Path {
        var machine: SagaMachine
        var action: SagaAction
        let start: SagaPhase
        var taken: [(action: SagaAction, event: SagaEvent)] = []

        var end: SagaEnd? {
            if case .ended(let end) = machine.step { end } else { nil }
        }

        func heard(_ event: SagaEvent) -> Bool { taken.contains { $0.event == event } }
        func did(_ action: SagaAction) -> Bool { taken.contains { $0.action == action } }
    }

    private static let starts: [(SagaMachine, SagaAction)] =
        [SagaMachine.begin()]
        + SagaPhase.allCases.flatMap { phase in
            [true, false].flatMap { isFree in
                [true, false].map { givesUp in
                    SagaMachine.resume(at: phase, isFree: isFree, failure: .saleStopped, givesUp: givesUp)
                }
            }
        }

    /// Everything that can come back from an action.
    private static func events(after action: SagaAction) -> [SagaEvent] {
        switch action {
        case .pin: [.pinned(isFree: true), .pinned(isFree: false), .pinnedInVain, .pinRefused, .unanswered]
        case .charge, .inquire, .void: ChargeOutcome.allCases.map(SagaEvent.charge) + [.unanswered]
        case .commit: FailureReason.allCases.map(SagaEvent.commitRefused) + [.committed, .unanswered]
        case .refund: [.refunded, .unanswered]
        case .unpin: [.unpinned, .unanswered]
        case .recordConfirmed: [.recorded, .superseded, .seatTaken]
        case .recordIntent, .recordFailed, .recordRefundDue, .recordRefunded, .recordReleased, .drop:
            [.recorded, .superseded]
        case .handOver, .stop: []
        }
    }

    private static let allEvents: [SagaEvent] =
        [
            .pinned(isFree: true), .pinned(isFree: false), .pinnedInVain, .pinRefused, .committed, .refunded,
            .unpinned, .unanswered, .recorded, .superseded, .seatTaken,
        ] + ChargeOutcome.allCases.map(SagaEvent.charge) + FailureReason.allCases.map(SagaEvent.commitRefused)

    private static let paths: [Path] = {
        var finished: [Path] = []
        var open = starts.map { Path(machine: $0.0, action: $0.1, start: $0.0.phase) }
        while var path = open.popLast() {
            let events = events(after: path.action)
            if events.isEmpty || path.taken.count > SagaMachine.actionsMax {
                finished.append(path)
                continue
            }
            let before = path
            for event in events {
                path = before
                path.taken.append((before.action, event))
                path.action = path.machine.handle(event)
                open.append(path)
            }
        }
        return finished
    }()

    @Test func `every way through the saga ends, within the bound of the driver's loop`() {
        #expect(Self.paths.count > 300)
        for path in Self.paths {
            #expect(path.end != nil, "\(path.taken)")
            #expect(path.taken.count < SagaMachine.actionsMax, "\(path.taken)")
            #expect((path.end == .handedOver) == (path.action == .handOver), "\(path.taken)")
        }
    }

    @Test func `a hold is sold only when the money was taken or none is due`() {
        for path in Self.paths where path.did(.commit) {
            #expect(path.heard(.charge(.captured)) || path.machine.isFree, "\(path.taken)")
        }
    }

    @Test func `a booking is confirmed only after its hold was sold, and then nothing else follows`() {
        for path in Self.paths where path.did(.recordConfirmed) {
            #expect(path.heard(.committed), "\(path.taken)")
            if path.taken.contains(where: { $0.action == .recordConfirmed && $0.event == .recorded }) {
                #expect(path.end == .confirmed, "\(path.taken)")
                #expect(!path.did(.refund) && !path.did(.unpin), "\(path.taken)")
            }
        }
    }

    @Test func `money is sent back only when that is recorded, and only where it was taken`() {
        for path in Self.paths where path.did(.refund) {
            let recorded = path.taken.contains {
                if case .recordRefundDue = $0.action { $0.event == .recorded } else { false }
            }
            #expect(recorded || path.start == .refunding, "\(path.taken)")
            #expect(path.heard(.charge(.captured)) || path.start == .refunding, "\(path.taken)")
        }
    }

    @Test func `a captured charge is never forgotten: sold, sent back or left to recovery`() {
        for path in Self.paths where path.heard(.charge(.captured)) {
            switch path.end {
            case .confirmed, .handedOver, .superseded: break
            case .compensated: #expect(path.heard(.refunded), "\(path.taken)")
            case .dropped, nil: Issue.record("forgotten: \(path.taken)")
            }
        }
    }

    @Test func `a booking that may have been charged is never dropped`() {
        for path in Self.paths where path.did(.drop) {
            #expect(!path.did(.charge) || path.heard(.charge(.rejected)), "\(path.taken)")
            #expect(path.start == .pinning, "\(path.taken)")
        }
    }

    @Test func `what ends otherwise than sold is unpinned, unless the pin was refused`() {
        for path in Self.paths where path.end == .compensated || path.end == .dropped {
            #expect(path.heard(.unpinned) || path.heard(.pinRefused), "\(path.taken)")
        }
    }

    @Test func `a worker that lost the booking records nothing after it noticed`() {
        for path in Self.paths where path.heard(.superseded) {
            #expect(path.end == .superseded, "\(path.taken)")
            let late = path.taken.drop { $0.event != .superseded }.dropFirst().map(\.action)
            #expect(late.isEmpty || late == [.unpin], "\(path.taken)")
        }
    }

    @Test func `a pending charge is voided only when its time is over, an absent one at once`() {
        for path in Self.paths where path.did(.void) {
            #expect(path.did(.inquire), "\(path.taken)")
            let isAbsent = path.taken.contains { $0.action == .inquire && $0.event == .charge(.none) }
            #expect(isAbsent || path.machine.givesUp, "\(path.taken)")
        }
    }

    @Test func `an event out of place leaves everything to recovery`() {
        var seen: Set<SagaMachine> = []
        for path in Self.paths {
            guard var (machine, action) = Optional(SagaMachine.begin()), path.start == .pinning else { continue }
            for (expected, event) in path.taken where expected == action {
                if seen.insert(machine).inserted { expectNoEffect(of: machine, after: action) }
                action = machine.handle(event)
            }
        }
        #expect(seen.count > 15)
    }

    private func expectNoEffect(of machine: SagaMachine, after action: SagaAction) {
        let fitting = Set(Self.events(after: action))
        for event in Self.allEvents where !fitting.contains(event) && event != .superseded {
            var other = machine
            let next = other.handle(event)
            #expect(next == .handOver || next == .stop || next == .unpin, "\(machine.step) \(event) → \(next)")
        }
    }

    @Test func `an ended saga takes in nothing any more`() {
        for path in Self.paths {
            var machine = path.machine
            for event in Self.allEvents { #expect(machine.handle(event) == .stop) }
            #expect(machine == path.machine)
        }
    }
}

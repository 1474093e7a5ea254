import NIOCore
import TestSupport
import Testing

@testable import HTTPKit

/// A random history of a selection beside what must be true of it at every step.
struct SelectionModel {
    private var selection = ReplicaSelection<Endpoint>()
    private var generator: SeededGenerator
    private let endpoints: [Endpoint]
    private var members: Set<Endpoint>
    private var leases: [ReplicaSelection<Endpoint>.Lease] = []
    /// By what was last seen, whether nobody can be reached there.
    private var away: Set<Endpoint> = []
    private var returned: [Endpoint] = []
    private var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    init(seed: UInt64, endpoints: [Endpoint]) {
        generator = SeededGenerator(seed: seed)
        self.endpoints = endpoints
        members = Set(endpoints)
        _ = selection.setMembers(endpoints, makeConnections: { $0 })
    }

    mutating func step() throws {
        now = now + .milliseconds(Int64.random(in: 0...300, using: &generator))
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: changeMembers()
        case 1, 2: learn()
        case 3, 4, 5: end()
        default: choose()
        }
    }

    private mutating func changeMembers() {
        members = Set(endpoints.filter { _ in Bool.random(using: &generator) })
        let before = returned.count
        let busy = Set(leases.map(\.connections))
        returned += selection.setMembers(endpoints.filter(members.contains), makeConnections: { $0 })
        for endpoint in returned[before...] {
            #expect(!members.contains(endpoint), "connections of a member were given back")
            #expect(!busy.contains(endpoint), "connections in use were given back")
            away.remove(endpoint)
        }
    }

    private mutating func learn() {
        guard let endpoint = endpoints.randomElement(using: &generator),
            let condition = [ReplicaCondition.ready, .notReady, .silent, .unreachable].randomElement(using: &generator)
        else { return }
        guard members.contains(endpoint) || leases.contains(where: { $0.connections == endpoint }) else { return }
        selection.learned(condition, of: endpoint)
        if condition == .unreachable { away.insert(endpoint) } else { away.remove(endpoint) }
    }

    private mutating func end() {
        guard let index = leases.indices.randomElement(using: &generator) else { return }
        let lease = leases.remove(at: index)
        let outcomes: [ReplicaSelection<Endpoint>.Outcome] = [.answered, .notConnected, .broken, .inconclusive]
        let outcome = outcomes.randomElement(using: &generator) ?? .answered
        if outcome == .answered { away.remove(lease.connections) }
        if outcome == .notConnected { away.insert(lease.connections) }
        let unneeded = selection.ended(lease, outcome, now: now)
        let isLast = !leases.contains { $0.connections == lease.connections }
        #expect((unneeded != nil) == (isLast && !members.contains(lease.connections)))
        if unneeded != nil { away.remove(lease.connections) }
    }

    private mutating func choose() {
        let lease = selection.choose(now: now)
        let reachable = members.subtracting(away)
        let trials = leases.filter(\.isTrial).map(\.connections)
        guard let lease else {
            #expect(reachable.isEmpty, "a request was refused although \(reachable) can be reached")
            #expect(members.allSatisfy { trials.contains($0) }, "a request was refused although a trial was possible")
            return
        }
        #expect(members.contains(lease.connections), "a request went to one that had left")
        #expect(lease.isTrial == away.contains(lease.connections))
        if lease.isTrial {
            #expect(!trials.contains(lease.connections), "two trials at once")
        }
        leases.append(lease)
    }
}

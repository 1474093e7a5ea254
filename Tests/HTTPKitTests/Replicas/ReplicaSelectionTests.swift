import NIOCore
import Testing

@testable import HTTPKit

@Suite("Which replica gets a request")
struct ReplicaSelectionTests {
    typealias Selection = ReplicaSelection<String>

    private static let a = Endpoint(host: "10.0.0.1", port: 1)
    private static let b = Endpoint(host: "10.0.0.2", port: 1)
    private static let c = Endpoint(host: "10.0.0.3", port: 1)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func selection(_ endpoints: [Endpoint]) -> Selection {
        var selection = Selection()
        #expect(selection.setMembers(endpoints, makeConnections: { $0.host }).isEmpty)
        return selection
    }

    /// Chooses and ends a request so many times, and says who got it.
    private func serve(_ selection: inout Selection, _ count: Int, at now: NIODeadline) -> [String] {
        (0..<count).compactMap { _ in
            guard let lease = selection.choose(now: now) else { return nil }
            #expect(selection.ended(lease, .answered, now: now) == nil)
            return lease.connections
        }
    }

    @Test("equals take turns")
    func turns() {
        var selection = selection([Self.a, Self.b, Self.c])
        let served = serve(&selection, 300, at: start)
        for host in [Self.a.host, Self.b.host, Self.c.host] { #expect(served.count { $0 == host } == 100) }
    }

    @Test("the least busy one gets the next request")
    func leastBusy() throws {
        var selection = selection([Self.a, Self.b, Self.c])
        var leases: [Selection.Lease] = []
        for _ in 0..<30 { leases.append(try selection.mustChoose(start)) }
        for host in [Self.a.host, Self.b.host, Self.c.host] { #expect(leases.count { $0.connections == host } == 10) }
        // All of one end: the next ten are its own.
        for lease in leases where lease.connections == Self.b.host { _ = selection.ended(lease, .answered, now: start) }
        for _ in 0..<10 { #expect(selection.choose(now: start)?.connections == Self.b.host) }
    }

    @Test(
        "one that is not ready, silent or gone gets nothing while another is well",
        arguments: [
            ReplicaCondition.notReady, .silent, .unreachable,
        ])
    func unwell(_ condition: ReplicaCondition) {
        var selection = selection([Self.a, Self.b])
        selection.learned(condition, of: Self.a)
        #expect(Set(serve(&selection, 20, at: start)) == [Self.b.host])
        selection.learned(.ready, of: Self.a)
        #expect(Set(serve(&selection, 20, at: start)) == [Self.a.host, Self.b.host])
    }

    @Test("when none is well, those that answer get everything", arguments: [ReplicaCondition.notReady, .silent])
    func lastResort(_ condition: ReplicaCondition) {
        var selection = selection([Self.a, Self.b])
        selection.learned(condition, of: Self.a)
        selection.learned(.unreachable, of: Self.b)
        var leases: [Selection.Lease] = []
        while leases.count < 50, let lease = selection.choose(now: start) { leases.append(lease) }
        #expect(leases.count == 50)
        #expect(leases.allSatisfy { $0.connections == Self.a.host && !$0.isTrial })
    }

    @Test("when none can be reached one request at a time tries, all others are refused at once")
    func trials() throws {
        var selection = selection([Self.a])
        let first = try selection.mustChoose(start)
        _ = selection.ended(first, .notConnected, now: start)
        for _ in 0..<5 {
            let trial = try selection.mustChoose(start)
            #expect(trial.isTrial)
            #expect(selection.choose(now: start) == nil)
            _ = selection.ended(trial, .notConnected, now: start)
        }
        let trial = try selection.mustChoose(start)
        _ = selection.ended(trial, .answered, now: start)
        #expect(serve(&selection, 5, at: start).count == 5)
        #expect(selection.choose(now: start)?.isTrial == false)
    }

    @Test("a trial that nobody waits for any more leaves the place to the next")
    func abandonedTrial() throws {
        var selection = selection([Self.a])
        selection.learned(.unreachable, of: Self.a)
        let trial = try selection.mustChoose(start)
        #expect(selection.choose(now: start) == nil)
        _ = selection.ended(trial, .inconclusive, now: start)
        #expect(selection.choose(now: start)?.isTrial == true)
    }

    @Test("one that could not be reached rests, longer each time, and is then tried by one request")
    func rests() throws {
        var selection = selection([Self.a, Self.b])
        var now = start
        var rest = Selection.firstRest
        for _ in 0..<10 {
            // Somebody finds nobody there.
            var failed: Selection.Lease?
            var others: [Selection.Lease] = []
            while failed == nil {
                let lease = try selection.mustChoose(now)
                if lease.connections == Self.a.host { failed = lease } else { others.append(lease) }
            }
            _ = selection.ended(try #require(failed), .notConnected, now: now)
            for other in others { _ = selection.ended(other, .answered, now: now) }
            #expect(Set(serve(&selection, 10, at: now + rest - .nanoseconds(1))) == [Self.b.host])
            now = now + rest
            rest = min(rest * 2, Selection.longestRest)
        }
        #expect(rest == Selection.longestRest)
        var trials = 0
        for _ in 0..<10 where selection.choose(now: now)?.isTrial == true { trials += 1 }
        #expect(trials == 1)
    }

    @Test("one whose connection broke is passed over while others are well, and is not refused when it is alone")
    func broken() throws {
        var selection = selection([Self.a, Self.b])
        var lease = try selection.mustChoose(start)
        while lease.connections != Self.a.host {
            _ = selection.ended(lease, .answered, now: start)
            lease = try selection.mustChoose(start)
        }
        _ = selection.ended(lease, .broken, now: start)
        #expect(Set(serve(&selection, 10, at: start)) == [Self.b.host])
        #expect(Set(serve(&selection, 10, at: start + Selection.firstRest)) == [Self.a.host, Self.b.host])

        var alone = self.selection([Self.a])
        _ = alone.ended(try alone.mustChoose(start), .broken, now: start)
        for _ in 0..<10 { #expect(alone.choose(now: start)?.isTrial == false) }
    }

    @Test("a second attempt goes to another replica, to the same only when it may and there is no other")
    func secondAttempt() throws {
        var two = selection([Self.a, Self.b])
        for _ in 0..<20 {
            let first = try two.mustChoose(start)
            _ = two.ended(first, .inconclusive, now: start)
            let second = try two.mustChoose(avoiding: first.member, mayRepeat: true, start)
            #expect(second.connections != first.connections)
            _ = two.ended(second, .answered, now: start)
        }
        var one = selection([Self.a])
        let first = try one.mustChoose(start)
        _ = one.ended(first, .broken, now: start)
        #expect(one.choose(avoiding: first.member, mayRepeat: false, start) == nil)
        #expect(one.choose(avoiding: first.member, mayRepeat: true, start) != nil)
        one.learned(.unreachable, of: Self.a)
        #expect(one.choose(avoiding: first.member, mayRepeat: true, start) == nil)
    }

    @Test("who leaves gets nothing more, ends what it has, and gives its connections back once")
    func leaving() throws {
        var selection = selection([Self.a, Self.b])
        let leases = [try selection.mustChoose(start), try selection.mustChoose(start)]
        let idle = try #require(leases.first { $0.connections == Self.b.host })
        let busy = try #require(leases.first { $0.connections == Self.a.host })
        _ = selection.ended(idle, .answered, now: start)
        #expect(selection.setMembers([Self.c], makeConnections: { $0.host }) == [Self.b.host])
        #expect(Set(serve(&selection, 10, at: start)) == [Self.c.host])
        #expect(selection.ended(busy, .answered, now: start) == Self.a.host)
        #expect(selection.ended(busy, .answered, now: start) == nil)
    }

    @Test("who comes back before the last request ended keeps its connections")
    func returning() throws {
        var selection = selection([Self.a])
        let lease = try selection.mustChoose(start)
        #expect(selection.setMembers([Self.b], makeConnections: { $0.host }).isEmpty)
        #expect(selection.setMembers([Self.a, Self.b], makeConnections: { _ in "new" }).isEmpty)
        #expect(selection.ended(lease, .answered, now: start) == nil)
        #expect(Set(serve(&selection, 10, at: start)) == [Self.a.host, Self.b.host])
    }

    @Test("an endpoint that nobody watches is always tried")
    func unwatched() throws {
        var selection = Selection(limitsTrials: false)
        _ = selection.setMembers([Self.a], makeConnections: { $0.host })
        _ = selection.ended(try selection.mustChoose(start), .notConnected, now: start)
        for _ in 0..<10 { #expect(selection.choose(now: start) != nil) }
    }

    @Test("whatever happens in whatever order, the rules hold", arguments: 0..<50)
    func anyHistory(_ seed: UInt64) throws {
        var model = SelectionModel(seed: seed, endpoints: [Self.a, Self.b, Self.c])
        for _ in 0..<200 { try model.step() }
    }
}

extension ReplicaSelection {
    /// What is chosen, where something has to be.
    fileprivate mutating func mustChoose(_ now: NIODeadline) throws -> Lease {
        let lease = choose(now: now)
        return try #require(lease)
    }

    /// What is chosen for a second attempt, where something has to be.
    fileprivate mutating func mustChoose(
        avoiding avoided: Int, mayRepeat: Bool, _ now: NIODeadline
    ) throws -> Lease {
        let lease = choose(avoiding: avoided, mayRepeat: mayRepeat, now)
        return try #require(lease)
    }
}
